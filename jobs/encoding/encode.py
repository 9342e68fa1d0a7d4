"""Encoding all of the source in one run: what every method ends with, and all that `single` does."""

from dataclasses import dataclass
from pathlib import Path

from jobs.encoding.account import Account
from jobs.encoding.command import Rate, encode_command, measure_command
from jobs.encoding.media import MediaInfo
from jobs.encoding.memory import can_measure_within
from jobs.encoding.options import Options
from jobs.encoding.picture import target_height
from jobs.encoding.recipes import Method
from jobs.encoding.session import EncodeSession
from jobs.encoding.tracks import Tracks, plan_tracks
from jobs.encoding.vmaf import MEASURE_COST, measuring, read_score

QUICK = 0.3  # of the usual cost
UNKNOWN_FPS = 30.0


@dataclass(frozen=True)
class Encoded:
    """A result that is not verified yet. `frames` is what the encoder says it took in, `account` what was read.

    `vmaf` was measured on it, or is None; where it was, every frame of it has been decoded.
    """

    path: Path
    tracks: Tracks
    frames: int
    account: Account
    log: str
    crf: float | None = None
    vmaf: float | None = None

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def plan_of(session: EncodeSession) -> Tracks:
    return plan_tracks(session.options, session.media)


def encode_whole(
    session: EncodeSession, rate: Rate, tracks: Tracks, name: str = "result", *, measured: bool = False
) -> Encoded:
    """Raises NothingMeasured with `measured`, where there was no pair of frames to compare.

    Raises Outgrown as soon as it is larger than the source, unless something else than fewer bytes was asked for.
    """
    log, media = session.workdir / "vmaf.json", session.media
    at_once = measured and measures_at_once(session)
    measure = measuring(session.options, log, media.frames) if at_once else ""
    target = session.workdir / name
    argv = encode_command(session.args, target, rate, tracks, measure)
    expected = encode_seconds(session.options, media) + measured * MEASURE_COST * megapixels(session.options, media)
    most = None if session.options.changes_more else media.size
    run = session.run(argv, "encode", media_seconds=media.duration, expected=expected, most_bytes=most)
    if media.is_steady and run.account.shapes - {media.coded_shape}:  # seen only now; they would be stretched
        session.know(is_steady=False)
        return encode_whole(session, rate, tracks, name, measured=measured)
    if measured and not at_once:
        argv = measure_command(session.args, target, log, (), media.frames)
        session.run(argv, "search", media_seconds=None, expected=MEASURE_COST * megapixels(session.options, media))
    return Encoded(
        target,
        tracks,
        run.account.encoded or run.reading.frames,
        run.account,
        run.log,
        crf=rate.get("crf"),
        vmaf=round(read_score(log).mean, 2) if measured else None,
    )


def measures_at_once(session: EncodeSession) -> bool:
    """Whether there is memory to measure while encoding; else it is done afterwards."""
    options, media = session.options, session.media
    return can_measure_within(options.video_codec, media, target_height(options, media), session.args.memory)


def encode_seconds(options: Options, media: MediaInfo, media_seconds: float | None = None) -> float:
    """Roughly what encoding so many seconds of this source takes; only progress rests on it."""
    quick = QUICK if options.the_recipe.method is Method.SINGLE else 1.0
    return quick * options.video_codec.cost * megapixels(options, media, media_seconds)


def megapixels(options: Options, media: MediaInfo, media_seconds: float | None = None) -> float:
    """Of all frames together, as the encoder sees them."""
    seconds = media_seconds if media_seconds is not None else media.duration or 60.0
    fps = min(media.fps or UNKNOWN_FPS, options.max_fps or 240)
    shrink = (target_height(options, media) / media.height) ** 2
    return seconds * fps * media.width * media.height * shrink / 1e6
