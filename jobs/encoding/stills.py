"""Still pictures for the page: a poster, and pairs of frames at the same instants."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import ffmpeg

from jobs import errors
from jobs.encoding.colour import TONE_MAP, Filter, named
from jobs.encoding.command import compiled
from jobs.encoding.media import USUAL_FPS, MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.picture import apply, deinterlaced, read, read_source
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
    media, size = session.media, _size(found)
    moments = sorted(set(map(media.instant, PAIRS_AT)))
    poster_at = media.instant(POSTER_AT)
    before, after = (
        {session.workdir / f"frame-{number}-{side}.jpg": second for number, second in enumerate(moments, start=1)}
        for side in ("source", "result")
    )
    poster = session.workdir / "poster.jpg" if poster_at not in moments else next(iter(after))
    source = _Side(partial(read_source, session.args), media, "mp4" in media.container)
    made = _Side(partial(read, result), found, _has_key_frames_there(session.options))
    _take(session, source.stills(before, media, size) | made.stills({**after, poster: poster_at}, media, size))
    pairs = zip(before, after, strict=True)
    whole = tuple((source, made) for source, made in pairs if source.exists() and made.exists())
    return Stills(poster if poster.exists() else None, whole)


@dataclass(frozen=True)
class _Side:
    """Source or result: how it is read, what it is, and whether its key frames can be read alone.

    Only MP4 is sought by when a picture is shown.
    """

    read: Callable[..., Any]
    media: MediaInfo
    has_keys: bool

    def stills(self, wanted: Wanted, source: MediaInfo, size: tuple[int, int]) -> dict[Path, Any]:
        if source.is_brief:
            return self._in_one_reading(wanted, size)
        return {target: self._alone(second, second in source.key_frames, size) for target, second in wanted.items()}

    def _in_one_reading(self, wanted: Wanted, size: tuple[int, int]) -> dict[Path, Any]:
        """For a clip that is decoded to its end sooner than it is opened again for each picture."""
        copies = self._picture(threads=1).filter_multi_output("split", len(wanted))
        stills = {}
        for number, (target, second) in enumerate(wanted.items()):
            first: Filter = ("select", (f"gte(t,{self._shortly_before(second)})",), {})
            stills[target] = apply(copies[number], [first, *_filters(self.media, size)])
        return stills

    def _alone(self, second: float, is_key: bool, size: tuple[int, int]) -> Any:
        """The one picture that is wanted, by one thread, since seven inputs are open at a time.

        A key frame is sought from behind, and read without looking for what is shown from there on. Another picture
        is sought from before, so that it is not passed by.
        """
        brief = {"t": max(0.5, 2 / (self.media.fps or USUAL_FPS)), "threads": 1}
        if is_key and self.has_keys:
            behind = self.media.starts_at + second + self.media.interval / 2
            picture = self._picture(ss=round(behind, 4), noaccurate_seek=None, **brief)
        else:
            picture = self._picture(ss=self._shortly_before(second), **brief)
        return apply(picture, _filters(self.media, size))

    def _picture(self, **options: Any) -> Any:
        return self.read(**options)[str(self.media.video_stream)]

    def _shortly_before(self, second: float) -> float:
        return round(max(0.0, self.media.starts_at + second - self.media.interval / 2), 4)


def _has_key_frames_there(options: Options) -> bool:
    """The encoder was told where stills will be taken; SVT-AV1 does not listen."""
    return options.container == "mp4" and options.video_codec.name != "av1"


def _take(session: EncodeSession, wanted: dict[Path, Any]) -> None:
    outputs = [ffmpeg.output(still, str(target), **JPEG) for target, still in wanted.items()]
    try:
        session.run(compiled(ffmpeg.merge_outputs(*outputs)), "publish", media_seconds=None, expected=SECONDS)
    except errors.EncodeFailed as failure:
        logger.warning("Not all stills of %s: %s", session.args.source, failure.log)


def _filters(media: MediaInfo, size: tuple[int, int]) -> list[Filter]:
    filters: list[Filter] = [("trim", (), {"end_frame": 1}), *named(media), *deinterlaced(media)]
    filters += TONE_MAP if media.is_hdr else []
    filters += [("scale", size, {"out_range": "pc", "out_color_matrix": "bt601"}), ("format", ("yuvj420p",), {})]
    return filters


def _size(found: MediaInfo) -> tuple[int, int]:
    """Of the result, so that both pictures of a pair cover each other."""
    width = min(found.width, LARGEST_WIDTH)
    return width - width % 2, max(2, round(found.height * width / found.width / 2) * 2)
