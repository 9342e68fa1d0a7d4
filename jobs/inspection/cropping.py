"""What a container cuts off its picture: `clap` of an MP4 (ISO 14496-12 section 12.1.4), `PixelCrop…` of Matroska.

ffmpeg cuts it off whatever it decodes. PyAV does not, and tells of it in the description of a file alone.
"""

import re
from typing import Any

import av.logging

STREAM = re.compile(r"^  Stream #0:(\d+)", re.MULTILINE)
CROPPING = re.compile(r"^ +Frame Cropping: (\d+)/(\d+)/(\d+)/(\d+)", re.MULTILINE)


def cropping(container: Any, stream: Any) -> tuple[int, int]:
    """How many columns and rows of a picture are not shown, before it is turned."""
    described = STREAM.split(_described(container))  # what is before the first, then number and text of each
    told = dict(zip(described[1::2], described[2::2], strict=True))
    found = CROPPING.search(told.get(str(stream.index), ""))
    left, right, top, bottom = map(int, found.groups()) if found else (0, 0, 0, 0)
    return left + right, top + bottom


def _described(container: Any) -> str:
    """As ffmpeg would log it."""
    before = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        return str(container.dumps_format())
    finally:
        av.logging.set_level(before)
