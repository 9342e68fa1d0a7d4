"""From a source to a verified result: the story of one compression."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobs.encoding.assignment import Assignment
from jobs.encoding.brief import Brief
from jobs.encoding.encode import Made, encode_seconds
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.quality import WORTHWHILE, aim_at_quality
from jobs.encoding.methods.single import encode_once
from jobs.encoding.methods.size import fit_into_size
from jobs.encoding.order import Order
from jobs.encoding.picture import notes as picture_notes
from jobs.encoding.progress import Meter, Report
from jobs.encoding.recipes import Method
from jobs.encoding.stills import take_stills
from jobs.encoding.verify import verify, verify_seconds

METHODS: dict[Method, Callable[[Assignment], Made | None]] = {
    Method.SINGLE: encode_once,
    Method.QUALITY: aim_at_quality,
    Method.SIZE: fit_into_size,
}
CONTENT_TYPES = {"mp4": "video/mp4", "mkv": "video/x-matroska"}
PUBLISH_SECONDS = 1.0


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
    pictures: tuple[Path, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        facts = ("duration", "width", "height", "fps", "video_codec", "audio_codecs", "is_hdr")
        described = {name: value for name, value in self.media.as_dict().items() if name in facts}
        return {**described, "crf": self.crf, "vmaf": self.vmaf, "notes": list(self.notes)}


def compress(source: Path, media: MediaInfo, order: Order, workdir: Path, report: Report) -> Outcome:
    """Raises a JobFailure, or Stopped when `report` answers False.

    1. Make a result by the recipe's method.
    2. Not worth having: the source itself is the result.
    3. Verify it; an exit code of 0 proves nothing.
    4. Take stills of both, for whoever wants to compare.
    """
    assignment = Assignment(Brief(order, media, source), workdir, report, Meter(_ahead(order, media)))
    made = METHODS[order.recipe.method](assignment)
    if made is None or not _is_worth_having(made, assignment):
        return _already_small(assignment)
    checked, found = verify(assignment, made)
    pictures = take_stills(assignment, made.path, checked)
    return Outcome(
        "compressed",
        made.path,
        order.container,
        CONTENT_TYPES[order.container],
        checked,
        crf=made.crf,
        vmaf=made.vmaf,
        notes=(*picture_notes(order, media), *made.tracks.notes, *found),
        log=made.log,
        pictures=pictures,
    )


def _ahead(order: Order, media: MediaInfo) -> dict[str, float]:
    """Seconds that each phase may take, before anything was measured."""
    return {
        "encode": encode_seconds(order, media),
        "verify": verify_seconds(order, media),
        "publish": PUBLISH_SECONDS,
    }


def _is_worth_having(made: Made, assignment: Assignment) -> bool:
    order, source = assignment.order, assignment.media.size
    enough = 1.0 if order.changes_more or order.recipe.method is not Method.QUALITY else WORTHWHILE
    return made.size < enough * source


def _already_small(assignment: Assignment) -> Outcome:
    media = assignment.media
    said = ["Being the original, it still has its date, place and camera, if it had them."]
    if assignment.order.changes_more:
        said.append("What else was asked for would have made it larger.")
    return Outcome(
        "already_small", assignment.brief.source, None, "application/octet-stream", media, notes=tuple(said)
    )
