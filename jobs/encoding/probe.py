"""Probing: what is this file? `jobs.inspection` reads it in a child process, so that a crash or a bomb ends there."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from jobs import errors, inspection
from jobs.encoding import ffmpeg
from jobs.encoding.animations import is_animated_webp, lossless_copy
from jobs.encoding.blame import see_that_it_reads
from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Part
from jobs.sandbox.confinement import Limits

CHILD = Path(inspection.__file__).parent
TIMEOUT = 60  # seconds without a word from it
MAX_PIXELS = 8192 * 8192
LIMITS = Limits(address_space=2 * 1024**3, cpu_seconds=3600)
REFUSALS: dict[str, Callable[..., errors.JobFailure]] = {
    "audio": errors.AudioOnly,
    "photo": partial(errors.NotAVideo, "This is a photo. Only videos can be compressed here."),
    "codec": partial(
        errors.NotAVideo, "Its picture is in a form that is not known here. Send it as H.264, for instance."
    ),
    "encrypted": errors.Encrypted,
    "index": partial(
        errors.NotAVideo,
        "It was cut short: the index that such a file has at its end is missing. Upload the original again.",
    ),
    "memory": errors.SourceTooDemanding,
    "nothing": errors.NotAVideo,
}
UNREADABLE = (errors.NotAVideo, errors.Encrypted, errors.AudioOnly, errors.SourceTooDemanding)  # what `inspect` finds

Tick = Callable[[], bool]  # a sign of life; False means stop


def inspect(source: Path, tick: Tick = lambda: True, nice: int = 0, part: Part | None = None) -> MediaInfo:
    """Of a `part` that is wanted, its clock is read as well (`jobs/encoding/trim.py`).

    Raises NotAVideo, Encrypted, AudioOnly, SourceTooDemanding, or an error of ours; Stopped when `tick` answers False.

    OSError where the source is gone, or cannot be read. `nice` is how far the child gives way to others.
    """
    if is_animated_webp(source):
        with lossless_copy(source, tick, nice) as copy:
            return replace(inspect(copy, tick, nice, part), container="webp", size=source.stat().st_size)
    found, log = _look_in_child(source, tick, nice, part)
    if "refused" in found:
        see_that_it_reads(source, log)
        raise REFUSALS[found["refused"]](log=log)
    media = MediaInfo.from_dict(found)
    if media.width * media.height > MAX_PIXELS:
        raise errors.SourceTooDemanding()
    return media


def _look_in_child(source: Path, tick: Tick, nice: int, part: Part | None) -> tuple[dict[str, Any], str]:
    # By path and isolated: it imports PyAV and nothing of ours beside, which halves its start.
    argv = [sys.executable, "-I", str(CHILD), str(source.resolve()), *_told_part(part)]
    found: dict[str, Any] = {}
    heard = time.monotonic()
    try:
        with ffmpeg.running(argv, replace(LIMITS, nice=nice).apply) as child:
            for lines in child:
                for line in lines:
                    found = json.loads(line)
                if lines:
                    heard = time.monotonic()
                if time.monotonic() - heard > TIMEOUT:
                    raise errors.ProbeTimeout()
                if not tick():
                    raise errors.Stopped
            return found, child.log
    except ffmpeg.Failed as failure:
        see_that_it_reads(source, failure.tail)
        raise _told(failure) from failure


def _told_part(part: Part | None) -> list[str]:
    start, end = part or (None, None)
    if part is None:
        return []
    return [str(start or 0.0)] if end is None else [str(start or 0.0), str(end)]


def _told(failure: ffmpeg.Failed) -> errors.JobFailure:
    """These bytes may crash a library; a traceback of the child's own is a defect of ours."""
    if isinstance(failure, ffmpeg.TooMuchMemory):
        return errors.SourceTooDemanding(log=failure.log)
    if failure.was_killed:
        return errors.EncoderKilled(log=failure.log)
    return errors.NotAVideo(log=failure.log) if failure.status < 0 else errors.InternalFailure(log=failure.log)
