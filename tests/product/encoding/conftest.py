"""Clips made from real ones as the tests run, and the engine run on them without a server."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs import encoding
from jobs.encoding import EncodeArgs, MediaInfo, Outcome, Piece, PieceMade, Plan, Progress, Stretch, ffmpeg_binary
from tests.media import REAL
from tests.product.encoding.kinds_of_film import KINDS


@dataclass
class Compressed:
    """A source, what came of it, and every progress report on the way."""

    media: MediaInfo
    outcome: Outcome
    reports: list[Progress]

    @property
    def result(self) -> MediaInfo:
        return encoding.inspect(self.outcome.path)


@pytest.fixture
def compress(tmp_path):
    def run(source: Path, **fields: Any) -> Compressed:
        workdir = tmp_path / f"work-{len(list(tmp_path.iterdir()))}"
        workdir.mkdir()
        reports: list[Progress] = []

        def report(progress: Progress) -> bool:
            reports.append(progress)
            return True

        options = encoding.parse_options(fields)
        media = encoding.inspect(source, part=options.part)
        args = encoding.EncodeArgs(options, media, source)
        outcome = encoding.compress(args, workdir, report)
        return Compressed(media, outcome, reports)

    return run


def _go_on(progress: Progress) -> bool:
    return True


@dataclass
class InPieces:
    """A film that is worked on as several workers would: with nothing between them but rows and files."""

    args: EncodeArgs
    directory: Path

    def prepare(self) -> Outcome | Plan:
        return encoding.prepare(self.args, self._workdir("prepare"), _go_on)

    def encode(self, plan: Plan, number: int) -> PieceMade:
        stretch = Stretch.from_list(json.loads(json.dumps(plan.stretches[number].as_list())))
        plan = Plan.from_dict(json.loads(json.dumps(plan.as_dict())))
        return encoding.encode_piece(self.args, plan, stretch, self._workdir(f"piece-{number}"), _go_on)

    def assemble(self, plan: Plan, made: list[PieceMade]) -> Outcome:
        pieces = [Piece(m.files["piece"].parent, m.frames, m.vmaf, json.loads(json.dumps(m.facts))) for m in made]
        return encoding.assemble(self.args, plan, pieces, self._workdir("assembly"), _go_on)

    def run(self) -> Outcome:
        plan = self.prepare()
        assert isinstance(plan, Plan), plan.log
        return self.assemble(plan, [self.encode(plan, number) for number in range(len(plan.stretches))])

    def _workdir(self, name: str) -> Path:
        workdir = self.directory / name
        workdir.mkdir(parents=True)
        return workdir


@pytest.fixture
def in_pieces(tmp_path):
    """`in_pieces(source, recipe="fast")`: pieces of two seconds."""

    def start(source: Path, **fields: Any) -> InPieces:
        options = encoding.parse_options(fields)
        args = EncodeArgs(options, encoding.inspect(source, part=options.part), source, piece_seconds=2.0)
        return InPieces(args, tmp_path / "in pieces'")

    return start


@pytest.fixture(scope="session")
def film(tmp_path_factory, media):
    """Of `KINDS`, by its name."""
    directory = tmp_path_factory.mktemp("films")

    def made(name: str) -> Path:
        path = directory / name
        if not path.exists():
            words = KINDS[name]
            is_copy = any(word in KINDS for word in words)
            words = tuple(made(word) if word in KINDS else media / word if word in REAL else word for word in words)
            ffmpeg(*words, *(("-c", "copy") if is_copy else ()), path)
        return path

    return made


@pytest.fixture
def make(tmp_path):
    """A clip made by ffmpeg: `make("rotated.mp4", "-i", path, …)`."""

    def run(name: str, *arguments: Any) -> Path:
        target = tmp_path / name
        ffmpeg(*arguments, target)
        return target

    return run


def ffmpeg(*arguments: Any) -> str:
    """What ffmpeg wrote to stderr."""
    command = [ffmpeg_binary(), "-hide_banner", "-y", "-nostdin", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stderr


def described(path: Path) -> str:
    """What ffmpeg says of a file's streams; it ends with an error, having been given nothing to do."""
    command = [ffmpeg_binary(), "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False).stderr


def frame_times(path: Path, stream: str = "0:v:0") -> list[float]:
    """When each frame of the picture is shown, in seconds from the first."""
    shown = ffmpeg("-i", path, "-map", stream, "-fps_mode", "passthrough", "-vf", "showinfo", "-f", "null", "-")
    times = [float(line.split("pts_time:")[1].split()[0]) for line in shown.splitlines() if "pts_time:" in line]
    return [time - times[0] for time in times]
