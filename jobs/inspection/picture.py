"""The picture itself: its size and form, its colours, and what its frames say beside."""

import hashlib
import sys
from collections.abc import Sequence
from typing import Any

from jobs.inspection.frames import has_hidden_alpha, shows_through

UNSAID = 2  # as a matrix, a transfer, primaries
PROGRESSIVE = 1  # of AVFieldOrder; 0 is unknown
STEREO = "STEREO3D"
UNSPECIFIED = 8
SIDE_DATA = {
    STEREO: "is_stereo",
    "A53_CC": "has_captions",
    "DYNAMIC_HDR_PLUS": "has_hdr10_plus",
    "SPHERICAL": "is_spherical",
}


def shape(stream: Any, frames: Sequence[Any], hidden: tuple[int, int]) -> dict[str, Any]:
    """Fields of a MediaInfo; `hidden` are the columns and rows that its container cuts off."""
    first, context = frames[0], stream.codec_context
    width, height = max(1, first.width - hidden[0]), max(1, first.height - hidden[1])
    if first.rotation % 180:
        width, height = height, width
    told = [[kind.type.name for kind in frame.side_data if _says_something(kind)] for frame in frames]
    seen = {name for names in told for name in names}
    return {
        "video_stream": stream.index,
        "tick": float(stream.time_base),
        "codec_headers": hashlib.sha256(context.extradata or b"").hexdigest()[:16],
        "width": width,
        "height": height,
        "rotation": first.rotation,
        "video_codec": context.codec.canonical_name,
        "pixel_format": first.format.name,
        "bit_depth": first.format.components[0].bits,
        "has_alpha": has_hidden_alpha(stream) or any(component.is_alpha for component in first.format.components),
        "is_transparent": any(shows_through(frame) for frame in frames),
        "is_rgb": first.format.is_rgb,
        "is_steady": len({(frame.width, frame.height, frame.rotation) for frame in frames}) == 1,
        "is_interlaced": any(frame.interlaced_frame for frame in frames),
        "is_said_interlaced": int(context.field_order or 0) > PROGRESSIVE,
        "has_dolby_vision": bool(seen & {"DOVI_METADATA", "DOVI_RPU_BUFFER"}),
        "is_stereo_twice": any(names.count(STEREO) > 1 for names in told),
        **{name: kind in seen for kind, name in SIDE_DATA.items()},
    }


def _says_something(kind: Any) -> bool:
    """Of the first number of AVStereo3D, 0 is a flat picture, and 8 is unspecified."""
    return kind.type.name != STEREO or 0 < int.from_bytes(bytes(kind)[:4], sys.byteorder) < UNSPECIFIED


def colour(of: Any) -> list[int]:
    """Primaries, transfer and matrix by their numbers in ITU-T H.273, 2 where nobody says."""
    return [int(of.color_primaries) or UNSAID, int(of.color_trc) or UNSAID, int(of.colorspace)]
