"""Which containers take a track as it is: asked of the muxers themselves, with its first packet."""

import io
from typing import Any

import av

from jobs.inspection.packets import Track

MUXERS = {"mp4": "mp4", "mkv": "matroska"}


def fits(stream: Any, read: Track) -> list[str]:
    return [name for name, muxer in MUXERS.items() if _takes(muxer, stream, read)]


def _takes(muxer: str, stream: Any, read: Track) -> bool:
    try:
        with av.open(io.BytesIO(), "w", format=muxer) as target:
            copy = target.add_stream_from_template(stream, opaque=True)
            packet = av.Packet(read.first_bytes)
            packet.stream, packet.pts, packet.dts, packet.duration = copy, 0, 0, 1
            packet.time_base = stream.time_base
            packet.is_keyframe = True
            target.mux(packet)
    except (av.FFmpegError, OSError, ValueError, TypeError, AttributeError):
        return False
    return True
