"""Clips made from real ones as the tests run, and the engine run on them without a server."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs import encoding
from jobs.encoding import MediaInfo, Outcome, Progress, ffmpeg_binary


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

        media = encoding.inspect(source)
        args = encoding.EncodeArgs(encoding.parse_options(fields), media, source)
        outcome = encoding.compress(args, workdir, report)
        return Compressed(media, outcome, reports)

    return run


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
