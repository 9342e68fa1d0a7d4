"""From a source to a verified result: the story of one compression."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jobs import errors
from jobs.encoding.args import EncodeArgs
from jobs.encoding.chapters import write_chapters
from jobs.encoding.combs import look_for_combs
from jobs.encoding.encode import Encoded, encode_seconds
from jobs.encoding.fitting import fitted
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.quality import WORTHWHILE, aim_at_quality
from jobs.encoding.methods.single import encode_once
from jobs.encoding.methods.size import fit_into_size
from jobs.encoding.options import Options
from jobs.encoding.picture import notes as picture_notes
from jobs.encoding.places import without_places
from jobs.encoding.progress import ProgressEstimator, Report
from jobs.encoding.recipes import Method
from jobs.encoding.session import EncodeSession, Outgrown
from jobs.encoding.stills import Stills
from jobs.encoding.verify import verify, verify_seconds
from jobs.encoding.weight import check_weight

METHODS: dict[Method, Callable[[EncodeSession], Encoded | None]] = {
    Method.SINGLE: encode_once,
    Method.QUALITY: aim_at_quality,
    Method.SIZE: fit_into_size,
}
CONTENT_TYPES = {"mp4": "video/mp4", "mkv": "video/x-matroska"}
PUBLISH_SECONDS = 1.0
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
        return {**described, "crf": self.crf, "vmaf": self.vmaf, "notes": list(self.notes)}


def compress(args: EncodeArgs, workdir: Path, report: Report) -> Outcome:
    """Raises a JobFailure, or Stopped when `report` answers False.

    What is too much work is not begun. What stood still, or took too much memory, is tried once more, with one thread.
    """
    check_weight(args.media, args.megapixels)
    estimator = ProgressEstimator({})
    try:
        return _compress(args, workdir, report, estimator)
    except (errors.EncoderStalled, errors.OutOfMemory) as failure:
        logger.warning("Once more, with one thread: %s", failure.log)
        return _compress(replace(args, one_thread=True), workdir, report, estimator)


def _compress(args: EncodeArgs, workdir: Path, report: Report, estimator: ProgressEstimator) -> Outcome:
    """The story.

    1. Wait for room, before anything is written.
    2. Fit what was asked for to what the codec can do with this source.
    3. Make a result by the recipe's method.
    4. Not worth having: the source itself is the result.
    5. Verify it, since an exit code of 0 proves nothing, and take stills of it, for whoever wants to compare.
    """
    EncodeSession(args, workdir, report, estimator).wait_for_room()
    options = args.options
    media = without_places(args.media) if options.metadata == "strip" else args.media
    fitting, changed = fitted(options, media)
    chapters = write_chapters(workdir / "chapters", media.chapters) if media.chapters else None
    args = replace(args, options=fitting, media=media, chapters=chapters)
    estimator.expect(**_ahead(fitting, media))
    session = EncodeSession(args, workdir, report, estimator)
    look_for_combs(session)
    try:
        encoded = METHODS[options.the_recipe.method](session)
    except Outgrown:
        encoded = None
    if encoded is None or not _is_worth_having(encoded, options, media):
        return _already_small(options, session)
    checked, found, stills = verify(session, encoded)
    session.enter("publish", PUBLISH_SECONDS)  # what the caller does next
    return Outcome(
        outcome="compressed",
        path=encoded.path,
        extension=options.container,
        content_type=CONTENT_TYPES[options.container],
        media=checked,
        crf=encoded.crf,
        vmaf=encoded.vmaf,
        notes=(*changed, *picture_notes(session.options, session.media, checked), *encoded.tracks.notes, *found),
        log=encoded.log,
        stills=stills,
    )


def _ahead(options: Options, media: MediaInfo) -> dict[str, float]:
    """Seconds that each phase may take, before anything was measured."""
    return {
        "encode": encode_seconds(options, media),
        "verify": verify_seconds(options, media),
        "publish": PUBLISH_SECONDS,
    }


def _is_worth_having(encoded: Encoded, options: Options, media: MediaInfo) -> bool:
    enough = 1.0 if options.changes_more or options.the_recipe.method is not Method.QUALITY else WORTHWHILE
    return encoded.size < enough * media.size


def _already_small(options: Options, session: EncodeSession) -> Outcome:
    media = session.media
    notes = ["Being the original, it still has its date, place and camera, if it had them."]
    if options.changes_more:
        notes.append("What else was asked for would have made it larger.")
    return Outcome(
        outcome="already_small",
        path=session.args.source,
        extension=None,
        content_type="application/octet-stream",
        media=media,
        notes=tuple(notes),
    )
