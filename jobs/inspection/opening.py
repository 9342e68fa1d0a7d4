"""Opening a file: as what, with how much memory, and how far ahead to look for tracks that begin late."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import av.logging

from jobs.inspection.formats import DECODERS, DEMUXERS, FAR, PROTOCOLS, RAW_MJPEG
from jobs.inspection.memory import memory_for_opening
from jobs.inspection.photos import is_raw_mjpeg

WITHOUT_HEADER = {"mpegts", "mpeg", "flv"}  # a track is announced, or described, where it begins
STREAM = re.compile(r"^  Stream #0:(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A file, and whether it is looked at `far` ahead."""

    path: Path
    is_far: bool = False

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def open(self) -> Any:
        """Raises FFmpegError or MemoryError."""
        lists = {"format_whitelist": DEMUXERS, "protocol_whitelist": PROTOCOLS, "codec_whitelist": DECODERS}
        options = lists | (FAR if self.is_far else {})
        with memory_for_opening(self.size):
            return av.open(
                str(self.path),
                format=RAW_MJPEG if is_raw_mjpeg(self.path) else None,
                options=options,
                metadata_errors="surrogateescape",
            )


def described(container: Any) -> dict[int, str]:
    """What ffmpeg would log of each stream, by its number; also of those that appeared while it was read.

    PyAV shows neither all that is known of a stream nor any stream that begins late.
    """
    before = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        text = str(container.dumps_format())
    finally:
        av.logging.set_level(before)
    split = STREAM.split(text)  # what comes before the first, then number and text of each, by their programs
    return {int(number): told for number, told in reversed([*zip(split[1::2], split[2::2], strict=True)])}
