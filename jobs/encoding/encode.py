"""Encoding all of the source in one run: what every method ends with, and all that `single` does."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.encoding.account import Account
from jobs.encoding.command import Rate, Taps, encode_command, measure_command
from jobs.encoding.cuts import Stretch
from jobs.encoding.media import MediaInfo
from jobs.encoding.memory import can_measure_within
from jobs.encoding.options import Options
from jobs.encoding.picture import Span, target_height
from jobs.encoding.recipes import Method
from jobs.encoding.session import EncodeSession
from jobs.encoding.stills import Album
from jobs.encoding.tracks import Tracks, plan_tracks
from jobs.encoding.vmaf import MEASURE_COST, Score, measuring, read_score

QUICK = 0.3  # of the usual cost
UNKNOWN_FPS = 30.0
SCORES = "vmaf.json"


@dataclass(frozen=True)
class Encoded:
    """A result that is not verified yet. `frames` is what the encoder says it took in, `account` what was read.

    `vmaf` was measured on it, or is None; where it was, every frame of it has been decoded. `vmaf_lowest` is that of
    the piece that came out worst, where it was made in pieces. `has_stills`: those that lie there are of it.
    """

    path: Path
    tracks: Tracks
    frames: int
    account: Account
    log: str
    crf: float | None = None
    vmaf: float | None = None
    vmaf_lowest: float | None = None
    has_stills: bool = False

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
    media, target = session.media, session.workdir / name
    measure = measuring_at_once(session, media.frames) if measured else ""
    album = Album(session.args, session.workdir)
    taps = Taps(measure, album.of_source(), album.of_made())
    argv = encode_command(session.args, target, rate, tracks, taps)
    expected = session.estimator.ahead.get("encode") or seconds_of_whole(session.options, media, measured=measured)
    most = None if session.options.changes_more else media.size
    run = session.run(argv, "encode", media_seconds=media.duration, expected=expected, most_bytes=most)
    if media.is_steady and run.account.shapes - {media.coded_shape}:  # seen only now; they would be stretched
        session.know(is_steady=False)
        return encode_whole(session, rate, tracks, name, measured=measured)
    session.expect_bytes(target.stat().st_size)
    return Encoded(
        target,
        tracks,
        run.account.encoded or run.reading.frames,
        run.account,
        run.log,
        crf=rate.get("crf"),
        vmaf=round(measured_score(session, target, measure, media.frames).mean, 2) if measured else None,
        has_stills=bool(measure),
    )


def measuring_at_once(session: EncodeSession, frames: int | None, *, banding: bool = False) -> str:
    """The filter graph that measures while encoding; "" where there is no memory for it."""
    options, media, log = session.options, session.media, session.workdir / SCORES
    fits = can_measure_within(options.video_codec, media, target_height(options, media), session.args.memory)
    return measuring(options, log, frames, session.args.threads_beside, banding=banding) if fits else ""


def measured_score(
    session: EncodeSession, made: Path, measure: str, frames: int | None, of: Sequence[Span] | Stretch = ()
) -> Score:
    """What was measured by `measure` while `made` was encoded; without it, it is measured now."""
    log = session.workdir / SCORES
    if not measure:
        seconds = of.seconds if isinstance(of, Stretch) else sum(seconds for _, seconds in of)
        expected = measure_seconds(session.options, session.media, seconds or None)
        phase = "encode" if isinstance(of, Stretch) or not of else "search"
        argv = measure_command(session.args, made, log, of, frames)
        session.run(argv, phase, media_seconds=None, expected=expected)
    return read_score(log)


def seconds_of_whole(options: Options, media: MediaInfo, *, measured: bool) -> float:
    """Roughly what encoding all of this source takes, on a machine of usual speed."""
    return encode_seconds(options, media) + measured * measure_seconds(options, media)


def encode_seconds(options: Options, media: MediaInfo, media_seconds: float | None = None) -> float:
    """Roughly what encoding so many seconds of this source takes; only progress rests on it."""
    quick = QUICK if options.the_recipe.method is Method.SINGLE else 1.0
    return quick * options.video_codec.cost * megapixels(options, media, media_seconds)


def measure_seconds(options: Options, media: MediaInfo, media_seconds: float | None = None) -> float:
    """Roughly what measuring takes on top."""
    return MEASURE_COST * megapixels(options, media, media_seconds)


def megapixels(options: Options, media: MediaInfo, media_seconds: float | None = None) -> float:
    """Of all frames together, as the encoder sees them."""
    seconds = media_seconds if media_seconds is not None else media.duration or 60.0
    fps = min(media.fps or UNKNOWN_FPS, options.max_fps or 240)
    return seconds * fps * media.pixels_at(target_height(options, media)) / 1e6
