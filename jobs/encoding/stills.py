"""Still pictures for the page: a poster, and pairs of frames at the same instants."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import ffmpeg

from jobs import errors
from jobs.encoding.colour import TONE_MAP, Filter, named
from jobs.encoding.command import compiled
from jobs.encoding.media import BRIEF, MediaInfo
from jobs.encoding.picture import apply, read, read_source
from jobs.encoding.session import EncodeSession

logger = logging.getLogger(__name__)

POSTER_AT = 0.1  # of the duration
PAIRS_AT = (0.25, 0.5, 0.75)
LARGEST_WIDTH = 1280  # pixels
JPEG = {"frames:v": 1, "update": 1, "q:v": 3, "f": "image2", "c:v": "mjpeg"}  # of -q:v, 2 is best
SECONDS = 2.0  # what it should take

Wanted = Mapping[Path, float]  # files, and the seconds from the start of the picture that they show


@dataclass(frozen=True)
class Stills:
    """JPEG files: what stands for the result, and the same instants of source and result."""

    poster: Path | None = None
    frames: tuple[tuple[Path, Path], ...] = ()

    def files(self) -> dict[str, Path]:
        """By the names under which `as_dict` speaks of them."""
        posters = [self.poster] if self.poster else []
        return {path.name: path for path in (*posters, *chain.from_iterable(self.frames))}

    def as_dict(self) -> dict[str, Any]:
        frames = [{"source": source.name, "result": result.name} for source, result in self.frames]
        return {"poster": self.poster.name if self.poster else None, "frames": frames}


def take_stills(session: EncodeSession, result: Path, found: MediaInfo) -> Stills:
    """A job does not fail for want of a picture: those that could not be made are left out."""
    if not found.duration:
        return Stills()
    moments = sorted(set(map(session.media.instant, PAIRS_AT)))
    poster_at = session.media.instant(POSTER_AT)
    names = [f"frame-{number}" for number in range(1, len(moments) + 1)]
    before = {session.workdir / f"{name}-source.jpg": second for name, second in zip(names, moments, strict=True)}
    after = {session.workdir / f"{name}-result.jpg": second for name, second in zip(names, moments, strict=True)}
    poster = session.workdir / "poster.jpg" if poster_at not in moments else next(iter(after))
    _take(
        session,
        {**_of_source(session, before, found), **_of_result(session, {**after, poster: poster_at}, result, found)},
    )
    pairs = zip(before, after, strict=True)
    whole = tuple((source, made) for source, made in pairs if source.exists() and made.exists())
    return Stills(poster if poster.exists() else None, whole)


def _of_source(session: EncodeSession, wanted: Wanted, found: MediaInfo) -> dict[Path, Any]:
    media = session.media
    if _is_brief(media):
        return _in_one_reading(read_source(session.args, threads=1), media, wanted, _size(found))
    return {
        target: _still(read_source(session.args, **_only(media, second, at_key=_is_key(media, second))), media, found)
        for target, second in wanted.items()
    }


def _of_result(session: EncodeSession, wanted: Wanted, result: Path, found: MediaInfo) -> dict[Path, Any]:
    if _is_brief(session.media):
        return _in_one_reading(read(result, threads=1), found, wanted, _size(found))
    return {
        target: _still(read(result, **_only(found, second, at_key=_is_key_of_result(session, second))), found, found)
        for target, second in wanted.items()
    }


def _is_brief(media: MediaInfo) -> bool:
    return (media.duration or 0.0) < BRIEF


def _in_one_reading(source: Any, media: MediaInfo, wanted: Wanted, size: tuple[int, int]) -> dict[Path, Any]:
    """For a clip that is decoded to its end sooner than it is opened again for each picture."""
    copies = source[str(media.video_stream)].filter_multi_output("split", len(wanted))
    stills = {}
    for number, (target, second) in enumerate(wanted.items()):
        chain: list[Filter] = [("select", (f"gte(t,{_shortly_before(media, second)})",), {}), *_filters(media, size)]
        stills[target] = apply(copies[number], chain)
    return stills


def _take(session: EncodeSession, wanted: dict[Path, Any]) -> None:
    outputs = [ffmpeg.output(still, str(target), **JPEG) for target, still in wanted.items()]
    try:
        session.run(compiled(ffmpeg.merge_outputs(*outputs)), "publish", media_seconds=None, expected=SECONDS)
    except errors.EncodeFailed as failure:
        logger.warning("Not all stills of %s: %s", session.args.source, failure.log)


def _is_key(media: MediaInfo, second: float) -> bool:
    """Whether one picture alone has to be decoded. Only MP4 is sought by when a picture is shown."""
    return second in media.key_frames and "mp4" in media.container


def _is_key_of_result(session: EncodeSession, second: float) -> bool:
    """The encoder was told to put key frames there; SVT-AV1 does not listen."""
    options = session.options
    return second in session.media.key_frames and options.container == "mp4" and options.video_codec.name != "av1"


def _only(media: MediaInfo, second: float, *, at_key: bool) -> dict[str, Any]:
    """How to read the one picture that is wanted, by one thread, since seven inputs are open at a time.

    A key frame is sought from behind, and read without looking for what is shown from there on. Another picture is
    sought from before, so that it is not passed by.
    """
    brief = {"t": max(0.5, 2 / (media.fps or 25)), "threads": 1}
    if at_key:
        behind = media.starts_at + second + _half_a_picture(media)
        return {"ss": round(behind, 4), "noaccurate_seek": None, **brief}
    return {"ss": _shortly_before(media, second), **brief}


def _shortly_before(media: MediaInfo, second: float) -> float:
    return round(max(0.0, media.starts_at + second - _half_a_picture(media)), 4)


def _half_a_picture(media: MediaInfo) -> float:
    return 0.5 / (media.peak_fps or media.fps or 25)


def _still(stream: Any, media: MediaInfo, found: MediaInfo) -> Any:
    return apply(stream[str(media.video_stream)], _filters(media, _size(found)))


def _filters(media: MediaInfo, size: tuple[int, int]) -> list[Filter]:
    filters: list[Filter] = [("trim", (), {"end_frame": 1}), *named(media)]
    filters += [("bwdif", (), {"deint": "interlaced"})] if media.is_interlaced else []
    filters += TONE_MAP if media.is_hdr else []
    filters += [("scale", size, {"out_range": "pc", "out_color_matrix": "bt601"}), ("format", ("yuvj420p",), {})]
    return filters


def _size(found: MediaInfo) -> tuple[int, int]:
    """Of the result, so that both pictures of a pair cover each other."""
    width = min(found.width, LARGEST_WIDTH)
    return width - width % 2, max(2, round(found.height * width / found.width / 2) * 2)
