"""What a container cuts off its picture: `clap` of an MP4 (ISO 14496-12 section 12.1.4), `PixelCrop…` of Matroska.

ffmpeg cuts it off whatever it decodes; PyAV does not.
"""

import re

CROPPING = re.compile(r"^ +Frame Cropping: (\d+)/(\d+)/(\d+)/(\d+)", re.MULTILINE)


def cropping(description: str) -> tuple[int, int]:
    """How many columns and rows of a picture are not shown, before it is turned. `description` is its stream's."""
    found = CROPPING.search(description)
    left, right, top, bottom = map(int, found.groups()) if found else (0, 0, 0, 0)
    return left + right, top + bottom
