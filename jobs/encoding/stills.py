"""Still pictures for the page: a poster, and pairs of frames at the same instants."""

import logging
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import ffmpeg

from jobs import errors
from jobs.encoding.colour import TONE_MAP, Filter, named
from jobs.encoding.command import compiled
from jobs.encoding.media import MediaInfo
from jobs.encoding.picture import apply, read, read_source
from jobs.encoding.session import EncodeSession

logger = logging.getLogger(__name__)

POSTER_AT = 0.1  # of the duration
PAIRS_AT = (0.25, 0.5, 0.75)
LARGEST_WIDTH = 1280  # pixels
JPEG = {"frames:v": 1, "update": 1, "q:v": 3, "f": "image2", "c:v": "mjpeg"}  # of -q:v, 2 is best
SECONDS = 2.0  # what it should take


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
    size, media = _size(found), session.media
    wanted: dict[Path, Any] = {}
    seen: dict[float, Path] = {}  # stills of the result, by where they were sought; a short clip has few
    pairs = []
    for number, second in enumerate(map(media.instant, PAIRS_AT), start=1):
        if (sought := _before(found, second)) in seen:
            continue
        before, after = (session.workdir / f"frame-{number}-{side}.jpg" for side in ("source", "result"))
        wanted[before] = _still(read_source(session.args, ss=_before(media, second)), media, size)
        wanted[after] = _still(read(result, ss=sought), found, size)
        seen[sought] = after
        pairs.append((before, after))
    sought = _before(found, media.instant(POSTER_AT))
    poster = seen.get(sought) or session.workdir / "poster.jpg"
    if sought not in seen:
        wanted[poster] = _still(read(result, ss=sought), found, size)
    _take(session, wanted)
    whole = tuple((before, after) for before, after in pairs if before.exists() and after.exists())
    return Stills(poster if poster.exists() else None, whole)


def _take(session: EncodeSession, wanted: dict[Path, Any]) -> None:
    outputs = [ffmpeg.output(still, str(target), **JPEG) for target, still in wanted.items()]
    try:
        session.run(compiled(ffmpeg.merge_outputs(*outputs)), "publish", media_seconds=None, expected=SECONDS)
    except errors.EncodeFailed as failure:
        logger.warning("Not all stills of %s: %s", session.args.source, failure.log)


def _before(media: MediaInfo, second: float) -> float:
    """Where to seek to, on the file's clock: half a picture early, so that the wanted one is not passed by."""
    return round(max(0.0, media.starts_at + second - 0.5 / (media.peak_fps or media.fps or 25)), 4)


def _still(stream: Any, media: MediaInfo, size: tuple[int, int]) -> Any:
    return apply(stream[str(media.video_stream)], _filters(media, size))


def _filters(media: MediaInfo, size: tuple[int, int]) -> list[Filter]:
    filters: list[Filter] = named(media)
    filters += [("bwdif", (), {"deint": "interlaced"})] if media.is_interlaced else []
    filters += TONE_MAP if media.is_hdr else []
    filters += [("scale", size, {"out_range": "pc", "out_color_matrix": "bt601"}), ("format", ("yuvj420p",), {})]
    return filters


def _size(found: MediaInfo) -> tuple[int, int]:
    """Of the result, so that both pictures of a pair cover each other."""
    width = min(found.width, LARGEST_WIDTH)
    return width - width % 2, max(2, round(found.height * width / found.width / 2) * 2)
