"""Probing: what is this file? PyAV reads it in a child process, so that a crash or a bomb ends there."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from jobs import errors
from jobs.encoding.media import MediaInfo
from jobs.encoding.sandbox import DEMUXERS, PROTOCOLS, limits

CHILD = Path(__file__).with_name("probe_child.py")
TIMEOUT = 60  # seconds
TICK = 0.5  # seconds between signs of life
MAX_PIXELS = 8192 * 8192
MEMORY = 2 * 1024**3

Tick = Callable[[], bool]  # a sign of life; False means stop


def inspect(source: Path, tick: Tick = lambda: True) -> MediaInfo:
    """Raises NotAVideo, AudioOnly, SourceTooDemanding or ProbeTimeout; Stopped when `tick` answers False."""
    found = json.loads(_read_in_child(source, tick))
    if found is None:
        raise errors.AudioOnly()
    media = MediaInfo.from_dict(found)
    if media.width * media.height > MAX_PIXELS:
        raise errors.SourceTooDemanding()
    return media


def _read_in_child(source: Path, tick: Tick) -> bytes:
    with subprocess.Popen(
        # By path and isolated: it imports PyAV and nothing of ours, which halves its start.
        [sys.executable, "-I", str(CHILD), str(source.resolve()), DEMUXERS, PROTOCOLS],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=limits(0, MEMORY),  # noqa: PLW1509  the worker has one thread
    ) as child:
        try:
            out, err = _wait(child, tick)
        except BaseException:
            child.kill()
            raise
    if child.returncode != 0:
        raise errors.NotAVideo(log=err.decode(errors="replace")[-2000:])
    return out


def _wait(child: subprocess.Popen[bytes], tick: Tick) -> tuple[bytes, bytes]:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            return child.communicate(timeout=TICK)
        except subprocess.TimeoutExpired:
            if not tick():
                raise errors.Stopped from None
    raise errors.ProbeTimeout()
