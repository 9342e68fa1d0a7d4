"""Encoding all of the source in one run: what every method ends with, and all that `single` does."""

from dataclasses import dataclass
from pathlib import Path

from jobs.encoding.assignment import Assignment
from jobs.encoding.command import Rate, encode_command
from jobs.encoding.media import MediaInfo
from jobs.encoding.order import Order
from jobs.encoding.picture import target_height
from jobs.encoding.recipes import Method
from jobs.encoding.tracks import Tracks, plan_tracks

QUICK = 0.3  # of the usual cost
UNKNOWN_FPS = 30.0


@dataclass(frozen=True)
class Made:
    """A result that is not verified yet. `frames` and `seconds` are what the encoder says it took in."""

    path: Path
    tracks: Tracks
    frames: int
    seconds: float
    log: str
    crf: float | None = None
    vmaf: float | None = None

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def plan_of(assignment: Assignment) -> Tracks:
    return plan_tracks(assignment.order, assignment.media)


def encode_whole(assignment: Assignment, rate: Rate, tracks: Tracks, name: str = "result") -> Made:
    target = assignment.workdir / name
    argv = encode_command(assignment.brief, target, rate, tracks)
    expected = encode_seconds(assignment.order, assignment.media)
    run = assignment.run(argv, "encode", media_seconds=assignment.media.duration, expected=expected)
    seconds = run.reading.seconds + 1 / (assignment.media.fps or UNKNOWN_FPS)  # the last frame is shown, too
    return Made(target, tracks, run.reading.frames, seconds, run.log, crf=rate.get("crf"))


def encode_seconds(order: Order, media: MediaInfo, media_seconds: float | None = None) -> float:
    """Roughly what encoding so many seconds of this source takes; only progress rests on it."""
    quick = QUICK if order.recipe.method is Method.SINGLE else 1.0
    return quick * order.video_codec.cost * megapixels(order, media, media_seconds)


def megapixels(order: Order, media: MediaInfo, media_seconds: float | None = None) -> float:
    """Of all frames together, as the encoder sees them."""
    seconds = media_seconds if media_seconds is not None else media.duration or 60.0
    fps = min(media.fps or UNKNOWN_FPS, order.max_fps or 240)
    shrink = (target_height(order, media) / media.height) ** 2
    return seconds * fps * media.width * media.height * shrink / 1e6
