"""The child of `probe.py`, run by its path and alone: reads hostile bytes with PyAV, prints what it found as JSON.

Usage: probe_child.py FILE DEMUXERS PROTOCOLS
"""

import json
import sys
from pathlib import Path
from typing import Any

import av

TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}  # ITU-T H.273 table 3; the others change nothing for us


def read(path: str, demuxers: str, protocols: str) -> dict[str, Any] | None:
    """The fields of a MediaInfo. None where there is sound, but no moving picture."""
    options = {"format_whitelist": demuxers, "protocol_whitelist": protocols}
    with av.open(path, options=options) as container:
        covers = [s for s in container.streams.video if s.disposition & s.disposition.attached_pic]
        pictures = [s for s in container.streams.video if s not in covers]
        if not pictures:
            if container.streams.audio:
                return None
            raise ValueError("no streams")
        described = {"sounds", "subtitles", "video_stream", "cover"}
        streams = {
            "video_stream": pictures[0].index,
            "cover": covers[0].index if covers else None,
            "sounds": [_sound(s) for s in container.streams.audio if s.codec_context and s.codec_context.channels],
            "subtitles": [_named(s) for s in container.streams.subtitles if s.codec_context],
        }
        others = len(container.streams) - sum(_count(streams[name]) for name in described)
        return {
            "container": container.format.name,
            "size": Path(path).stat().st_size,
            "duration": container.duration / av.time_base if container.duration else None,
            "chapters": len(container.chapters()),
            "other_streams": others,
            **streams,
            **_picture(pictures[0], next(container.decode(pictures[0]))),
        }


def _count(found: Any) -> int:
    return len(found) if isinstance(found, list) else int(found is not None)


def _picture(stream: Any, frame: Any) -> dict[str, Any]:
    turned = frame.rotation % 180 != 0
    width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
    return {
        "width": width,
        "height": height,
        "rotation": frame.rotation,
        "fps": float(stream.average_rate or stream.guessed_rate or 0) or None,
        "frames": stream.frames or None,
        "video_codec": stream.codec_context.codec.canonical_name,
        "pixel_format": frame.format.name,
        "bit_depth": frame.format.components[0].bits,
        "has_alpha": any(component.is_alpha for component in frame.format.components)
        or stream.metadata.get("alpha_mode") == "1",  # VP8 and VP9 in WebM say it beside the picture
        "is_rgb": frame.format.is_rgb,
        "is_interlaced": bool(frame.interlaced_frame),
        "transfer": TRANSFERS.get(int(frame.color_trc or 0), ""),
    }


def _sound(stream: Any) -> dict[str, Any]:
    context = stream.codec_context
    return {**_named(stream), "channels": context.channels, "bit_rate": context.bit_rate or None}


def _named(stream: Any) -> dict[str, Any]:
    language = stream.metadata.get("language", "")
    return {
        "index": stream.index,
        "codec": stream.codec_context.codec.canonical_name,
        "language": language if language != "und" else "",
        "title": stream.metadata.get("title", ""),
    }


if __name__ == "__main__":
    print(json.dumps(read(*sys.argv[1:])))
