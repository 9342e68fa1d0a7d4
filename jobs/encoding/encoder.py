"""From a source to a verified result: the story of one compression."""

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from jobs import errors
from jobs.encoding.args import EncodeArgs
from jobs.encoding.chapters import write_chapters
from jobs.encoding.combs import look_for_combs
from jobs.encoding.encode import Encoded, seconds_of_whole
from jobs.encoding.fitting import fitted
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.quality import aim_at_quality
from jobs.encoding.methods.samples import WORTHWHILE
from jobs.encoding.methods.single import encode_once
from jobs.encoding.methods.size import fit_into_size
from jobs.encoding.options import Options
from jobs.encoding.picture import notes as picture_notes
from jobs.encoding.places import without_places
from jobs.encoding.progress import ProgressEstimator, Report
from jobs.encoding.recipes import Method
from jobs.encoding.session import EncodeSession, Outgrown
from jobs.encoding.stills import Stills
from jobs.encoding.tags import original_tells
from jobs.encoding.tracks import plan_tracks
from jobs.encoding.trim import notes as trim_notes
from jobs.encoding.trim import trimmed
from jobs.encoding.verify import verify, verify_seconds
from jobs.encoding.vmaf import can_be_measured
from jobs.encoding.weight import check_weight

METHODS: dict[Method, Callable[[EncodeSession], Encoded | None]] = {
    Method.SINGLE: encode_once,
    Method.QUALITY: aim_at_quality,
    Method.SIZE: fit_into_size,
}
CONTENT_TYPES = {"mp4": "video/mp4", "mkv": "video/x-matroska"}
CLOCKED_BY_USED = {"mpegts", "mpeg"}  # in these ffmpeg counts from the first of the streams that are used
PUBLISH_SECONDS = 1.0
REFUSED_PACKET = "Error submitting a packet to the muxer"
Made = TypeVar("Made")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What came of a job. `path` lies in the work directory; for `already_small` it is the source itself."""

    outcome: str
    path: Path
    extension: str | None
    content_type: str
    media: MediaInfo
    crf: float | None = None
    vmaf: float | None = None
    vmaf_lowest: float | None = None  # of its pieces, where it was made in pieces
    notes: tuple[str, ...] = ()
    log: str = ""
    stills: Stills = field(default_factory=Stills)

    @property
    def is_source(self) -> bool:
        """Whether the result is the original, byte for byte."""
        return self.outcome == "already_small"

    def as_dict(self) -> dict[str, Any]:
        facts = ("duration", "width", "height", "fps", "video_codec", "audio_codecs", "is_hdr")
        described = {name: value for name, value in self.media.as_dict().items() if name in facts}
        return {**described, "crf": self.crf, **self._scores(), "notes": list(self.notes)}

    def _scores(self) -> dict[str, float | None]:
        return {"vmaf": self.vmaf, "vmaf_lowest": self.vmaf_lowest}


def compress(args: EncodeArgs, workdir: Path, report: Report) -> Outcome:
    """In one piece. Raises a JobFailure, or Stopped when `report` answers False.

    What is too much work is not begun.
    """
    args = trimmed(args)
    check_weight(args.media, args.megapixels)
    return tried_twice(_compress, args, workdir, report)


def tried_twice(work: Callable[[EncodeSession], Made], args: EncodeArgs, workdir: Path, report: Report) -> Made:
    """What stood still, or took too much memory, is tried once more, with one thread.

    Sound so damaged that a container refuses its packets is tried once more as well: decoded, and encoded anew.
    """
    estimator = ProgressEstimator({})
    try:
        return work(EncodeSession(args, workdir, report, estimator))
    except (errors.EncoderStalled, errors.OutOfMemory) as failure:
        logger.warning("Once more, with one thread: %s", failure.log)
        return work(EncodeSession(replace(args, threads=1), workdir, report, estimator))
    except errors.EncodeFailed as failure:
        if REFUSED_PACKET not in failure.log or not any(sound.fits for sound in args.media.sounds):
            raise
        logger.warning("Once more, with its sound encoded anew: %s", failure.log)
        anew = tuple(replace(sound, fits=()) for sound in args.media.sounds)
        return work(EncodeSession(replace(args, media=replace(args.media, sounds=anew)), workdir, report, estimator))


def _compress(session: EncodeSession) -> Outcome:
    asked = session.options
    return compress_whole(session, asked, begin(session))


def begin(session: EncodeSession) -> list[str]:
    """Wait for room, then fit what was asked for to what the codec can do with this source. What to say of that."""
    session.wait_for_room()
    options, media = session.options, session.media
    media = media if options.metadata == "keep" else without_places(media)
    fitting, changed = fitted(options, media)
    is_clocked_by_used = media.container in CLOCKED_BY_USED and not media.is_trimmed
    if is_clocked_by_used and not plan_tracks(fitting, media).tracks:
        media = media.counted_from_picture()
    session.args = replace(session.args, options=fitting, media=media)
    add_chapters(session)
    session.estimator.expect(**_ahead(fitting, media))
    look_for_combs(session)
    return changed


def add_chapters(session: EncodeSession) -> None:
    if chapters := session.media.chapters:
        session.args = replace(session.args, chapters=write_chapters(session.workdir / "chapters", chapters))


def compress_whole(session: EncodeSession, asked: Options, changed: Sequence[str]) -> Outcome:
    """Make a result by the recipe's method."""
    try:
        encoded = METHODS[asked.the_recipe.method](session)
    except Outgrown:
        encoded = None
    return finished(session, encoded, asked, changed)


def finished(session: EncodeSession, encoded: Encoded | None, asked: Options, changed: Sequence[str]) -> Outcome:
    """What comes of a result. `asked` is what was asked for, `changed` what to say of how it was fitted.

    1. Not worth having: the source itself is the result.
    2. Verify it, since an exit code of 0 proves nothing, and take stills of it, for whoever wants to compare.
    """
    media = session.media
    if encoded is None or encoded.size >= largest_worth_having(asked, media):
        return already_small(session, asked)
    checked, found, stills = verify(session, encoded)
    if encoded.size >= media.size:
        found = [*found, "It is no smaller than the whole video was; a lower quality would make it smaller."]
    session.enter("publish", PUBLISH_SECONDS)  # what the caller does next
    return Outcome(
        outcome="compressed",
        path=encoded.path,
        extension=asked.container,
        content_type=CONTENT_TYPES[asked.container],
        media=checked,
        crf=encoded.crf,
        vmaf=encoded.vmaf,
        vmaf_lowest=encoded.vmaf_lowest,
        notes=(
            *trim_notes(asked),
            *changed,
            *picture_notes(asked, session.options, media, checked),
            *encoded.tracks.notes,
            *found,
        ),
        log=encoded.log,
        stills=stills,
    )


def _ahead(options: Options, media: MediaInfo) -> dict[str, float]:
    """Seconds that a run of each phase may take, before anything was measured."""
    measured = options.the_recipe.method is Method.QUALITY and can_be_measured(media)
    return {
        "encode": seconds_of_whole(options, media, measured=measured),
        "verify": verify_seconds(options, media),
        "publish": PUBLISH_SECONDS,
    }


def largest_worth_having(asked: Options, media: MediaInfo) -> float:
    """Bytes; a result has to be smaller. A part of a film is wanted in any case: the original is another film."""
    if asked.is_trimmed:
        return math.inf
    return (1.0 if asked.changes_more or asked.the_recipe.method is not Method.QUALITY else WORTHWHILE) * media.size


def already_small(session: EncodeSession, asked: Options) -> Outcome:
    media = session.media
    notes = original_tells(asked, media)
    if asked.changes_more:
        notes.append("What else was asked for would have made it larger.")
    return Outcome(
        outcome="already_small",
        path=session.args.source,
        extension=None,
        content_type="application/octet-stream",
        media=media,
        notes=tuple(notes),
    )
