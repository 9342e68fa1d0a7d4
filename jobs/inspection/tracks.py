"""Sound, subtitles and covers, and what a person would call the rest."""

import re
from collections.abc import Mapping
from typing import Any

import av

from jobs.inspection.formats import AUDIO, VIDEO
from jobs.inspection.packets import Track
from jobs.inspection.texts import clean
from jobs.inspection.trial import fits

PRIMING = 0.2  # seconds of sound at most that an encoder writes before the first, and no edit list shows
MOST_LEFT_OVER = 20  # that are named
MOST = 50  # of a kind; the rest is named like other things that stay behind
SOUNDS, PICTURES = set(AUDIO.split(",")), set(VIDEO.split(","))
KEY_ID = "enc_key_id"  # under which ffmpeg tells it
STYLED = {"ass", "ssa"}
# Names of handlers, and four letters that say what is in a track. Apple's own nobody misses.
SENSORS = re.compile(r"(?i)gopro met|gpmd|camm|mett|rtmd|nmea|telemetry|dji|gps|motion")
LAYOUT, COUNT = re.compile(r" Audio: .* Hz, ([^,\n]+?)(?: \(default\))?(?:,|\n|$)"), re.compile(r"(\d+) channels")
NAMED = re.compile(r" (Video|Audio|Subtitle): ")  # in ffmpeg's description of a stream
FONTS = ("font", ".ttf", ".otf", ".ttc")


def sounds(streams: Any, packets: Mapping[int, Track], picture: Track) -> list[dict[str, Any]]:
    found = [stream for stream in streams.audio if is_decodable_sound(stream, packets[stream.index])][:MOST]
    return [_sound(stream, packets[stream.index], picture) for stream in found]


def is_decodable_sound(stream: Any, read: Track) -> bool:
    """Not one that is only announced."""
    context = stream.codec_context
    is_known = bool(context and _channels(read) and context.codec.name in SOUNDS)
    return is_known and read.packets > 0 and not is_encrypted(stream, read)


def is_lost_sound(stream: Any, read: Track) -> bool:
    """One that is only announced is no loss either."""
    return read.packets > 0 and not is_decodable_sound(stream, read)


def is_unknown(stream: Any, read: Track) -> bool:
    """Sound of a known form of which nothing more was known when the file was opened: it may begin later."""
    return stream.type == "audio" and read.packets > 0 and bool(stream.codec_context) and not _channels(read)


def is_decodable_picture(stream: Any) -> bool:
    return bool(stream.codec_context and stream.codec_context.codec.name in PICTURES)


def is_encrypted(stream: Any, read: Track) -> bool:
    """In an MP4 (ISO 23001-7) a packet says so, maybe not from the first on; in WebM the whole track does."""
    return read.is_encrypted or KEY_ID in stream.metadata


def subtitles(streams: Any, packets: Mapping[int, Track]) -> list[dict[str, Any]]:
    found = []
    for stream in streams.subtitles:
        if stream.codec_context is None:
            continue
        read = packets[stream.index]
        codec = stream.codec_context.codec
        found.append(
            {
                **_named(stream),
                "is_text": bool(codec.text_sub),
                "is_styled": codec.canonical_name in STYLED,
                "tells_places": bool(codec.text_sub) and read.tells_places,
                "fits": fits(stream, read),
            }
        )
    return found[:MOST]


def cover(stream: Any, read: Track) -> dict[str, Any]:
    """A still picture of the whole, in a codec that PyAV knows."""
    return {
        "index": stream.index,
        "codec": stream.codec_context.codec.canonical_name,
        "size": read.size,
        "has_exif": b"Exif\0\0" in read.first_bytes or b"eXIf" in read.first_bytes,
    }


def is_cover(stream: Any) -> bool:
    return stream.type == "video" and bool(stream.disposition & stream.disposition.attached_pic)


def font(stream: Any) -> dict[str, Any] | None:
    """A font that styled subtitles ask for, as Matroska carries it; None for another attachment."""
    name, kind = clean(stream.metadata.get("filename", "")), clean(stream.metadata.get("mimetype", ""))
    if not (any(word in kind.lower() for word in FONTS) or name.lower().endswith(FONTS)):
        return None
    return {"index": stream.index, "filename": name, "mimetype": kind}


def left_over(stream: Any, read: Track) -> str:
    """In a person's words; "" for what nobody misses."""
    match stream.type:
        case "video" if read.packets > 1 or is_cover(stream):
            shape = f" ({stream.codec_context.width}×{stream.codec_context.height})" if stream.codec_context else ""
            return "a further cover picture" if is_cover(stream) else f"a second picture{shape}"
        case "audio":  # what cannot be read is counted on its own: it is missed more than anything else
            return "further sound tracks" if is_decodable_sound(stream, read) else ""
        case "subtitle":
            return "further subtitles" if stream.codec_context else "subtitles in a form that cannot be read"
        case "attachment":
            return _attachment(stream)
    if SENSORS.search(stream.metadata.get("handler_name", "")) or SENSORS.search(read.description.partition("\n")[0]):
        return "the camera's record of position and movement"
    return ""  # timecode, names of chapters, tables for television


def _attachment(stream: Any) -> str:
    kind = stream.metadata.get("mimetype", "")
    if kind.startswith("image/"):
        return "a cover picture in a form that cannot be read"
    return "" if font(stream) else f"an attached file ({clean(stream.metadata.get('filename', ''), 60) or 'unnamed'})"


def _layout(read: Track) -> str:
    """PyAV's own frees memory twice, of channels in an order that has no name; so do its `channels`."""
    said = LAYOUT.search(read.description)
    return said[1] if said else ""


def _channels(read: Track) -> int:
    layout = _layout(read)
    if counted := COUNT.match(layout):
        return int(counted[1])
    try:
        return int(av.AudioLayout(layout).nb_channels) if layout else 0
    except ValueError:  # a name that is none
        return 0


def _sound(stream: Any, read: Track, picture: Track) -> dict[str, Any]:
    return {
        **_named(stream),
        "channels": _channels(read),
        "layout": _layout(read),
        "bit_rate": stream.codec_context.bit_rate or None,
        "has_lost_clock": read.has_jumped and not picture.has_jumped,
        "fits": [] if read.discarded > PRIMING else fits(stream, read),  # a copy would hold what was cut out
    }


def _named(stream: Any) -> dict[str, Any]:
    language = clean(stream.metadata.get("language", ""), 20)
    return {
        "index": stream.index,
        "codec": stream.codec_context.codec.canonical_name,
        "language": language if language != "und" else "",
        "title": clean(stream.metadata.get("title", "")),
    }
