"""Animated WebP: ffmpeg reads it, the libraries behind `jobs.inspection` do not. A lossless copy is looked at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import ffmpeg as graph

from jobs import errors
from jobs.encoding import ffmpeg
from jobs.encoding.blame import see_that_it_reads
from jobs.encoding.picture import read
from jobs.sandbox.confinement import Limits, confined_program

ANIMATED = 0x02  # of the flags in a WebP's VP8X chunk (RFC 9649 section 2.7.1)
LIMITS = Limits(file_bytes=1024**3, cpu_seconds=3600)


def is_animated_webp(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(21)
    return len(head) == 21 and head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and bool(head[20] & ANIMATED)


@contextmanager
def lossless_copy(source: Path, tick: Callable[[], bool], nice: int = 0) -> Iterator[Path]:
    """With the same pictures at the same times. Raises NotAVideo, an error of ours, or Stopped if `tick` says so."""
    limits = replace(LIMITS, nice=nice)
    with TemporaryDirectory() as directory:
        copy = Path(directory) / "copy.mkv"
        made = graph.output(read(source), str(copy), **{"c:v": "ffv1", "fps_mode": "passthrough"})
        argv = made.global_args("-nostdin", "-loglevel", "error").compile(ffmpeg.ffmpeg_binary())
        try:
            with (
                confined_program(argv[0], (source,), (Path(directory),), limits) as confine,
                ffmpeg.running(argv, confine) as running,
            ):
                for _ in running:
                    if not tick():
                        raise errors.Stopped
        except ffmpeg.Failed as failure:
            see_that_it_reads(source, failure.tail)
            raise _told(failure) from failure
        yield copy


def _told(failure: ffmpeg.Failed) -> errors.JobFailure:
    if failure.met_a_full_disk:
        return errors.OutOfRoom(log=failure.log)
    return errors.EncoderKilled(log=failure.log) if failure.was_killed else errors.NotAVideo(log=failure.log)
