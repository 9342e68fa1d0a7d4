"""Looking at a file: what its picture is, and everything beside it."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import av

from jobs.inspection import tracks
from jobs.inspection.clock import Part, clock, part
from jobs.inspection.cropping import cropping
from jobs.inspection.dates import dates, tells
from jobs.inspection.frames import has_hidden_alpha, sample
from jobs.inspection.opening import WITHOUT_HEADER, Source, described
from jobs.inspection.packets import Track, read_packets
from jobs.inspection.photos import is_photo
from jobs.inspection.picture import UNSAID, colour, shape
from jobs.inspection.texts import clean
from jobs.inspection.whole import goes_on, is_fragmented, lacks_index, share_there

PHOTO_BRANDS = {"heic", "heix", "heim", "heis", "mif1", "avif"}  # ISO 23008-12; sequences have others
SEQUENCE_BRANDS = {"avis", "msf1", "hevc", "hevx"}
ANIMATIONS = {"gif", "apng"}  # of one picture they are photos
MOST_CHAPTERS = 1000
SHORT = 1.0  # seconds that a file says to be longer than what can be read of it


class _Refused(Exception):
    """It is no video that can be compressed."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class _BeginsLate(Exception):
    """There are tracks of which too little was known when the file was opened."""


def look(path: str, wanted: Part | None = None) -> dict[str, Any]:
    """The fields of a MediaInfo, or {"refused": "audio" | "codec" | "encrypted" | "index" | "photo" | "nothing"}.

    Of a part that is `wanted`, also what its clock tells. Raises FFmpegError or MemoryError.
    """
    source = Source(Path(path))
    try:
        return _look(source, wanted)
    except _BeginsLate:
        return _look(replace(source, is_far=True), wanted)


def _look(source: Source, wanted: Part | None) -> dict[str, Any]:
    try:
        container = source.open()
    except av.FFmpegError:
        if is_photo(source.path):
            return {"refused": "photo"}
        if lacks_index(source.path):
            return {"refused": "index"}
        raise
    with container:
        try:
            return _found(source, container, wanted)
        except _Refused as refused:
            if refused.why == "audio" and container.format.name in WITHOUT_HEADER and not source.is_far:
                raise _BeginsLate from refused
            return {"refused": refused.why}


def _found(source: Source, container: Any, wanted: Part | None) -> dict[str, Any]:
    path, pictures = source.path, _pictures(container)
    packets, reached, is_end = read_packets(container, source.size, _tell)
    descriptions = described(container)
    for number, each in packets.items():
        each.description = descriptions.pop(number, "")
    late = [text for text in descriptions.values() if tracks.NAMED.search(text)]
    may_look_farther = container.format.name in WITHOUT_HEADER and not source.is_far
    if may_look_farther and (late or any(map(tracks.is_unknown, container.streams, packets.values()))):
        raise _BeginsLate
    picture = _film(pictures, packets)
    read = packets[picture.index]
    if tracks.is_encrypted(picture, read):
        raise _Refused("encrypted")
    said = colour(picture.codec_context)  # before a decoder has put its own word in its place
    if _is_photo(container, read):
        raise _Refused("photo")
    if not (frames := sample(source.open, picture, read)):
        raise _Refused("nothing")
    is_short = _length(container) - max(track.end for track in packets.values()) > SHORT
    is_all = is_end and (has_hidden_alpha(picture) or not goes_on(path, reached, is_short=is_short))
    times = clock(picture, read, (container.start_time or 0) / av.time_base, is_fragmented=is_fragmented(path))
    around = _around(container, picture, packets)
    around["lost_sounds"] += sum("Audio:" in description for description in late)
    return {
        "size": source.size,
        "needs_far_look": source.is_far,
        "share_there": min(share_there(path, is_short=is_short), 1.0 if is_all else reached / source.size),
        **around,
        **times,
        "part": part(read, times, wanted) if wanted else None,
        **shape(picture, frames, cropping(read.description)),
        "colour": [own if own != UNSAID else told for own, told in zip(colour(frames[0]), said, strict=True)],
    }


def _pictures(container: Any) -> list[Any]:
    """The streams that can be the film."""
    pictures = [stream for stream in container.streams.video if not tracks.is_cover(stream)]
    if not pictures:
        raise _Refused("audio" if container.streams.audio else "nothing")
    readable = [stream for stream in pictures if tracks.is_decodable_picture(stream)]
    if not readable:
        raise _Refused("codec")
    return readable


def _tell(share_read: float) -> None:
    print(json.dumps({"read": round(share_read, 3)}), flush=True)


def _film(pictures: Sequence[Any], packets: dict[int, Track]) -> Any:
    """The stream that players show: one that moves, is marked, and is large. A preview may come before it."""

    def rank(stream: Any) -> tuple[bool, bool, int]:
        context = stream.codec_context
        marked = bool(stream.disposition & stream.disposition.default)
        return packets[stream.index].packets > 1, marked, context.width * context.height

    return max(pictures, key=rank)


def _is_photo(container: Any, read: Track) -> bool:
    return read.packets <= 1 and (_brand(container) in PHOTO_BRANDS or container.format.name in ANIMATIONS)


def _brand(container: Any) -> str:
    return str(container.metadata.get("major_brand", "")).strip()


def _length(container: Any) -> float:
    """Of the file, as it says itself, in seconds; 0 where it does not."""
    return float((container.duration or 0) / av.time_base)


def _chapters(container: Any) -> list[dict[str, Any]]:
    """As far as the file goes: one that ends later would make the result longer."""
    length = _length(container) or math.inf
    found = []
    for chapter in container.chapters()[:MOST_CHAPTERS]:
        start, end = (float(chapter[at] * chapter["time_base"]) for at in ("start", "end"))
        if start < length:
            found.append(
                {"start": start, "end": min(end, length), "title": clean(chapter["metadata"].get("title", ""))}
            )
    return found


def _around(container: Any, picture: Any, packets: dict[int, Track]) -> dict[str, Any]:
    return {
        "container": container.format.name,
        "chapters": _chapters(container),
        **dates(container, picture),
        "tells": tells(container),
        **_beside(container, picture, packets),
    }


def _beside(container: Any, picture: Any, packets: dict[int, Track]) -> dict[str, Any]:
    streams = container.streams
    sounds = tracks.sounds(streams, packets, packets[picture.index])
    subtitles = tracks.subtitles(streams, packets)
    covers = [tracks.cover(s, packets[s.index]) for s in streams if tracks.is_cover(s) and s.codec_context]
    fonts = [found for s in streams if s.type == "attachment" and (found := tracks.font(s))]
    named = {picture.index} | {track["index"] for track in (*sounds, *subtitles, *covers[:1])}
    is_sequence = _brand(container) in SEQUENCE_BRANDS
    if is_sequence:  # its pictures are told twice, as items and as a track
        named |= {stream.index for stream in streams.video}
    left = [tracks.left_over(stream, packets[stream.index]) for stream in streams if stream.index not in named]
    if is_sequence and any(stream.metadata.get("title") == "Alpha" for stream in streams.video):  # a picture beside it
        left.append("its transparency")
    return {
        "sounds": sounds,
        "subtitles": subtitles,
        "cover": covers[0] if covers else None,
        "fonts": fonts[: tracks.MOST],
        "lost_sounds": sum(tracks.is_lost_sound(stream, packets[stream.index]) for stream in streams.audio),
        "left_over": sorted({words for words in left if words})[: tracks.MOST_LEFT_OVER],
    }
