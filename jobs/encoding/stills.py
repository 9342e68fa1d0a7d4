"""Still pictures for the page: a poster of source and result, and pairs of frames at the same instants."""

import logging
from pathlib import Path
from typing import Any

import ffmpeg

from jobs import errors
from jobs.encoding.command import compiled
from jobs.encoding.media import MediaInfo
from jobs.encoding.picture import TONE_MAP, Filter, apply, read
from jobs.encoding.session import EncodeSession

logger = logging.getLogger(__name__)

INSTANTS = {"poster": 0.1, "frame-1": 0.25, "frame-2": 0.5, "frame-3": 0.75}  # of the duration
LARGEST_WIDTH = 1280  # pixels
JPEG = {"frames:v": 1, "update": 1, "q:v": 3, "f": "image2", "c:v": "mjpeg"}  # of -q:v, 2 is best
SECONDS = 2.0  # what it should take


def take_stills(session: EncodeSession, result: Path, found: MediaInfo) -> tuple[Path, ...]:
    """`{name}-source.jpg` and `{name}-result.jpg` for each instant. A job does not fail for want of a picture."""
    if not found.duration:
        return ()
    size = _size(found)
    sides = {"source": (session.args.source, session.media), "result": (result, found)}
    stills = {
        session.workdir / f"{name}-{side}.jpg": _still(*media, found.duration * instant, size)
        for side, media in sides.items()
        for name, instant in INSTANTS.items()
    }
    outputs = [ffmpeg.output(still, str(target), **JPEG) for target, still in stills.items()]
    try:
        argv = compiled(ffmpeg.merge_outputs(*outputs))
        session.run(argv, "publish", media_seconds=None, expected=SECONDS)
    except errors.EncodeFailed as failure:
        logger.warning("Not all stills of %s: %s", session.args.source, failure.log)
    return tuple(target for target in stills if target.exists())


def _still(path: Path, media: MediaInfo, second: float, size: tuple[int, int]) -> Any:
    frame = read(path, ss=round(second, 3))[str(media.video_stream)]
    return apply(frame, _filters(media, size))


def _filters(media: MediaInfo, size: tuple[int, int]) -> list[Filter]:
    chain: list[Filter] = [("bwdif", (), {"deint": "interlaced"})] if media.is_interlaced else []
    chain += TONE_MAP if media.is_hdr else []
    chain += [("scale", size, {"out_range": "pc", "out_color_matrix": "bt601"}), ("format", ("yuvj420p",), {})]
    return chain


def _size(found: MediaInfo) -> tuple[int, int]:
    """Of the result, so that both pictures of a pair cover each other."""
    width = min(found.width, LARGEST_WIDTH)
    return width - width % 2, max(2, round(found.height * width / found.width / 2) * 2)
