"""From a source to a verified result: encode, verify, compare."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jobs import errors
from jobs.encoding import ffmpeg
from jobs.encoding.command import encode_command
from jobs.encoding.media import MediaInfo
from jobs.encoding.order import Order
from jobs.encoding.probe import inspect
from jobs.encoding.progress import SHARE_OF_ENCODE, Progress, Report, advance

HEADROOM = 64 * 1024**2  # bytes that a result may be larger than its source before it is stopped
SHORTEST_KEPT = 0.5  # of the duration; below it a result is damaged beyond use
ENOSPC_WORDS = "No space left on device"


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
        facts = ("duration", "width", "height", "fps", "video_codec", "audio_codecs")
        described = {name: value for name, value in self.media.as_dict().items() if name in facts}
        return {**described, "crf": self.crf, "vmaf": self.vmaf, "notes": list(self.notes)}


def compress(source: Path, media: MediaInfo, order: Order, workdir: Path, report: Report) -> Outcome:
    """Raises a JobFailure, or Stopped when `report` answers False."""
    target = workdir / "result"
    log = _encode(order, media, source, target, report)
    _tell(report, Progress("verify", fraction=SHARE_OF_ENCODE))
    made = _verified(target, media, log)
    if made.size >= media.size:
        return Outcome("already_small", source, None, "application/octet-stream", media, log=log)
    _tell(report, Progress("publish", fraction=0.99))
    return Outcome("compressed", target, order.recipe.container, "video/mp4", made, crf=order.recipe.crf, log=log)


def _encode(order: Order, media: MediaInfo, source: Path, target: Path, report: Report) -> str:
    progress = Progress("encode", fraction=0.0 if media.duration else None)
    argv = encode_command(order, media, source, target)
    try:
        with ffmpeg.running(argv, media.size + HEADROOM) as run:
            for lines in run:
                for line in lines:
                    progress = advance(progress, line, media.duration)
                _tell(report, progress)
            return run.log
    except ffmpeg.Failed as failure:
        if ENOSPC_WORDS in failure.log:
            raise errors.OutOfRoom(log=failure.log) from failure
        raise errors.EncodeFailed(log=failure.log) from failure


def _tell(report: Report, progress: Progress) -> None:
    if not report(progress):
        raise errors.Stopped


def _verified(target: Path, media: MediaInfo, log: str) -> MediaInfo:
    try:
        made = inspect(target)
    except errors.JobFailure as failure:
        raise errors.ResultInvalid(log=log) from failure
    if media.duration and (made.duration or 0) < media.duration * SHORTEST_KEPT:
        raise errors.DamagedSource(log=log)
    return made
