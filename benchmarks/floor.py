"""What stands around the encode: a job of the engine against the bare ffmpeg command that it runs, in one run.

    .venv/bin/python benchmarks/floor.py [--repeat N] [CLIP]

Without arguments CLIP is a cartoon of 5 s at 720p from the wheel that the tests use. Of it are made a clip of one
second and a film of 75 s; both go through the recipe `fast`. A third row, with HDR of 2.5 s at 1080p, goes through
`balanced`, against mapping and encoding it once. The best of N runs counts, since other work can only slow one down.

Goals: one second at most 0.4 s over the bare command; the film at most 1.08 times; HDR at most 1.5 times.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jobs import encoding
from jobs.encoding.command import encode_command
from jobs.encoding.tracks import plan_tracks
from tests.media import shipped

HDR = (
    "scale=1920:1080,zscale=tin=bt709:min=bt709:pin=bt709:t=smpte2084:m=bt2020nc:p=bt2020,format=yuv420p10le",
    "log-level=error:qp=12:hdr10=1:max-cll=1000,400",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        print(f"{'':22} {'bare':>8} {'job':>8} {'over':>8} {'ratio':>7}")
        for name, recipe, source in _sources(given.clip or shipped("bigbuckbunny.mp4"), folder):
            jobs = [_job(source, recipe, folder) for _ in range(given.repeat)]
            job, crf = min(jobs)
            bare = min(_bare(source, recipe, crf, folder) for _ in range(given.repeat))
            print(f"{name:22} {bare:7.2f}s {job:7.2f}s {job - bare:7.2f}s {job / bare:7.2f}")


def _sources(clip: Path, folder: Path) -> list[tuple[str, str, Path]]:
    second, film, hdr = folder / "second.mp4", folder / "film.mp4", folder / "hdr.mp4"
    _ffmpeg("-i", clip, "-t", 1, "-c:v", "libx264", "-preset", "fast", "-crf", 16, "-c:a", "aac", "-ac", 2, second)
    _ffmpeg("-stream_loop", -1, "-i", clip, "-t", 75, "-c:v", "libx264", "-preset", "fast", "-crf", 16,
            "-c:a", "aac", "-ac", 2, film)  # fmt: skip
    _ffmpeg("-i", clip, "-t", 2.5, "-an", "-vf", HDR[0], "-color_primaries", "bt2020", "-color_trc", "smpte2084",
            "-colorspace", "bt2020nc", "-c:v", "libx265", "-preset", "fast", "-x265-params", HDR[1], hdr)  # fmt: skip
    return [("1 s, fast", "fast", second), ("75 s, fast", "fast", film), ("2.5 s of HDR, balanced", "balanced", hdr)]


def _bare(source: Path, recipe: str, crf: float, folder: Path) -> float:
    """The command that made the job's result, with nothing before or after it, and nothing measured."""
    options, media = encoding.parse_options({"recipe": recipe}), encoding.inspect(source)
    args = encoding.EncodeArgs(options, media, source)
    command = encode_command(args, folder / "bare", {"crf": crf}, plan_tracks(options, media))
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began


def _job(source: Path, recipe: str, folder: Path) -> tuple[float, float]:
    """Its seconds, and the CRF that it ended with."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder) as workdir:
        args = encoding.EncodeArgs(encoding.parse_options({"recipe": recipe}), encoding.inspect(source), source)
        outcome = encoding.compress(args, Path(workdir), lambda progress: True)
    return time.monotonic() - began, outcome.crf or 0.0


def _ffmpeg(*arguments: object) -> None:
    command = [encoding.ffmpeg_binary(), "-loglevel", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
