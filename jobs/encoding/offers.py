"""Qualities to choose from before all of a film is compressed: what each would take, and how one instant looks.

1. The samples that the search makes anyway are made near each of three qualities; they tell what the whole would take.
2. Some of the busiest seconds are encoded at each of them, and one picture of it stands beside the source's.
3. What was tried is kept: whichever is chosen, the search begins where it was left.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jobs import errors
from jobs.encoding.args import EncodeArgs
from jobs.encoding.command import Taps, sample_command, still_command
from jobs.encoding.encode import encode_seconds
from jobs.encoding.encoder import begin, tried_twice
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.samples import is_worth_having, sampled_at
from jobs.encoding.methods.search import Trial, bytes_at, next_crf
from jobs.encoding.options import LEAST_QUALITY, Options
from jobs.encoding.picture import Span
from jobs.encoding.progress import Report
from jobs.encoding.session import EncodeSession
from jobs.encoding.stills import Album
from jobs.encoding.weight import check_weight
from jobs.inspection import busiest

logger = logging.getLogger(__name__)

STEP, COUNT = 5, 3  # VMAF from one to the next; how many
SHOWN = 4.0  # seconds that are encoded for a picture, at most
PICTURED = 0.6  # of them have gone by then: an encoder has found its way
UNKNOWN_FPS = 25.0


@dataclass(frozen=True)
class Offer:
    """`expected_bytes` are of the whole result, about. The pictures are files, of one instant."""

    quality: int
    expected_bytes: int
    source: Path | None = None
    result: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        pair = {"source": self.source.name, "result": self.result.name} if self.source and self.result else None
        return {"quality": self.quality, "expected_bytes": self.expected_bytes, "pictures": pair}


@dataclass(frozen=True)
class Offers:
    """The best first. `trials` are what the next one who looks for a CRF need not try again."""

    offers: tuple[Offer, ...]
    trials: tuple[Trial, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "offers": [offer.as_dict() for offer in self.offers],
            "trials": [list(asdict(trial).values()) for trial in self.trials],
        }

    def files(self) -> dict[str, Path]:
        """By the names under which `as_dict` speaks of them."""
        pictures = [path for offer in self.offers for path in (offer.source, offer.result) if path]
        return {path.name: path for path in pictures}


def make_offers(args: EncodeArgs, workdir: Path, report: Report) -> Offers | None:
    """None where there is nothing to choose from: it cannot be measured, or no two of them are worth having.

    Raises like `compress`.
    """
    check_weight(args.media, args.megapixels)
    return tried_twice(_offers, args, workdir, report)


def qualities(options: Options) -> list[int]:
    """The one that was asked for, and lower ones."""
    wanted = (options.target_quality - STEP * number for number in range(COUNT))
    return [quality for quality in wanted if quality >= LEAST_QUALITY]


def _offers(session: EncodeSession) -> Offers | None:
    begin(session)
    wanted = qualities(session.options)
    trials = sampled_at(session, wanted)
    if not trials:
        return None
    crfs = _worth_offering(session, wanted, trials)
    if len(crfs) < 2:
        return None
    offers = [_offer(session, quality, crf, trials) for quality, crf in crfs.items()]
    return Offers(tuple(offers), tuple(trials))


def _worth_offering(session: EncodeSession, wanted: Sequence[int], trials: Sequence[Trial]) -> dict[int, float]:
    """By quality, its CRF; the best of those that would be the same, none that saves too little."""
    crfs: dict[int, float] = {}
    for quality in wanted:
        crf = next_crf(trials, session.options.video_codec, quality)
        if crf not in crfs.values() and is_worth_having(session, bytes_at(trials, crf)):
            crfs[quality] = crf
    return crfs


def _offer(session: EncodeSession, quality: int, crf: float, trials: Sequence[Trial]) -> Offer:
    """A job does not fail for want of a picture."""
    source, result = session.workdir / "offer-source.jpg", session.workdir / f"offer-{quality}.jpg"
    expected = round(bytes_at(trials, crf))
    try:
        _take_pictures(session, crf, source, result)
    except errors.EncodeFailed as failure:
        logger.warning("No pictures of %s at %s: %s", session.args.source, quality, failure)
    if source.exists() and result.exists():
        return Offer(quality, expected, source, result)
    return Offer(quality, expected)


def _take_pictures(session: EncodeSession, crf: float, source: Path, result: Path) -> None:
    """Of the source, what the encoder is fed, once; of the result, the frame of the same number."""
    options, media, made = session.options, session.media, session.workdir / "offer"
    span = shown_span(media)
    frame = int(PICTURED * span[1] * min(media.fps or UNKNOWN_FPS, options.max_fps or 240))
    filters = Album(session.args, session.workdir).of_frame(frame)
    taps = Taps(stills={} if source.exists() else {source: filters})
    argv = sample_command(session.args, made, {"crf": crf}, [span], taps)
    session.run(argv, "search", media_seconds=span[1], expected=encode_seconds(options, media, span[1]))
    session.run(still_command(made, result, filters), "search", media_seconds=span[1], expected=0.1)


def shown_span(media: MediaInfo) -> Span:
    """The middle of the ten seconds with the most bytes."""
    duration = media.duration or 0.0
    seconds = min(SHOWN, duration)
    middle = media.busiest + min(busiest.SECONDS, duration) / 2
    return media.starts_at + max(0.0, min(middle - seconds / 2, duration - seconds)), seconds
