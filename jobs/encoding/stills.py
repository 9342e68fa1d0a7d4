"""Still pictures for the page: a poster of source and result, and pairs of frames at the same instants."""

import logging
from pathlib import Path

import ffmpeg

from jobs import errors
from jobs.encoding.assignment import Assignment
from jobs.encoding.command import compiled
from jobs.encoding.media import MediaInfo
from jobs.encoding.picture import TONE_MAP, Filter, apply, read

logger = logging.getLogger(__name__)

INSTANTS = {"poster": 0.1, "frame-1": 0.25, "frame-2": 0.5, "frame-3": 0.75}  # of the duration
LARGEST_WIDTH = 1280  # pixels
JPEG_QUALITY = 3  # mjpeg's -q:v, 2 is best
SECONDS = 2.0  # what it should take


def take_stills(assignment: Assignment, result: Path, found: MediaInfo) -> tuple[Path, ...]:
    """`{name}-source.jpg` and `{name}-result.jpg` for each instant. A job does not fail for want of a picture."""
    if not found.duration:
        return ()
    size = _size(found)
    pictures: list[Path] = []
    for side, path, media in (("source", assignment.brief.source, assignment.media), ("result", result, found)):
        targets = {name: assignment.workdir / f"{name}-{side}.jpg" for name in INSTANTS}
        argv = _command(path, media, found.duration, targets, size)
        try:
            assignment.run(argv, "publish", media_seconds=None, expected=SECONDS / 2)
        except errors.EncodeFailed as failure:
            logger.warning("No stills of %s: %s", path, failure.log)
        pictures += [target for target in targets.values() if target.exists()]
    return tuple(pictures)


def _command(
    path: Path, media: MediaInfo, duration: float, targets: dict[str, Path], size: tuple[int, int]
) -> list[str]:
    outputs = []
    for name, target in targets.items():
        frame = read(path, ss=round(duration * INSTANTS[name], 3))[str(media.video_stream)]
        still = apply(frame, _filters(media, size))
        options = {"frames:v": 1, "update": 1, "q:v": JPEG_QUALITY, "f": "image2", "c:v": "mjpeg"}
        outputs.append(ffmpeg.output(still, str(target), **options))
    return compiled(ffmpeg.merge_outputs(*outputs))


def _filters(media: MediaInfo, size: tuple[int, int]) -> list[Filter]:
    chain: list[Filter] = [("bwdif", (), {"deint": "interlaced"})] if media.is_interlaced else []
    chain += TONE_MAP if media.is_hdr else []
    chain += [("scale", size, {"out_range": "pc", "out_color_matrix": "bt601"}), ("format", ("yuvj420p",), {})]
    return chain


def _size(found: MediaInfo) -> tuple[int, int]:
    """Of the result, so that both pictures of a pair cover each other."""
    width = min(found.width, LARGEST_WIDTH)
    return width - width % 2, max(2, round(found.height * width / found.width / 2) * 2)
