"""Probing: what is this file? PyAV reads it in a child process, so that a crash or a bomb ends there."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av

from jobs import errors
from jobs.encoding.media import MediaInfo
from jobs.encoding.sandbox import DEMUXERS, PROTOCOLS, limits

ROOT = Path(__file__).resolve().parents[2]  # from where the child finds this module
TIMEOUT = 60  # seconds
MAX_PIXELS = 8192 * 8192
MEMORY = 2 * 1024**3
TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}  # ITU-T H.273 table 3; the others change nothing for us


def inspect(source: Path) -> MediaInfo:
    """Raises NotAVideo, AudioOnly or SourceTooDemanding."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "jobs.encoding.probe", str(source.resolve())],
            cwd=ROOT,
            capture_output=True,
            timeout=TIMEOUT,
            start_new_session=True,
            preexec_fn=limits(0, MEMORY),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise errors.NotAVideo() from None
    if child.returncode != 0:
        raise errors.NotAVideo(log=child.stderr.decode(errors="replace")[-2000:])
    found = json.loads(child.stdout)
    if found is None:
        raise errors.AudioOnly()
    media = MediaInfo.from_dict(found)
    if media.width * media.height > MAX_PIXELS:
        raise errors.SourceTooDemanding()
    return media


def _read(path: str) -> dict[str, Any] | None:
    """In the child: the fields of a MediaInfo. None where there is sound, but no moving picture."""
    options = {"format_whitelist": DEMUXERS, "protocol_whitelist": PROTOCOLS}
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
    print(json.dumps(_read(sys.argv[1])))
