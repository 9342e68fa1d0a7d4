"""What an encode is given: which source, what it is, what was asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jobs.encoding.media import MediaInfo
from jobs.encoding.memory import memory_share
from jobs.encoding.methods.search import Trial
from jobs.encoding.options import Options


@dataclass(frozen=True)
class EncodeArgs:
    options: Options
    media: MediaInfo
    source: Path
    memory: int = field(default_factory=memory_share)  # bytes that one process may use
    cpu_seconds: int | None = None  # that one process may spend, on all processors together
    megapixels: float | None = None  # of all frames together, that a source may have
    stall_seconds: float | None = None  # that ffmpeg may stand still
    nice: int = 0  # how far ffmpeg gives way to others on this machine
    threads: int | None = None  # of one run of ffmpeg, about; None is as many as there are processors
    piece_seconds: float | None = None  # about how long a piece of a film is; None never cuts
    is_hurried: bool = False  # nothing is looked for beforehand in a film in pieces, each of which is measured anyway
    known: tuple[Trial, ...] = ()  # what was tried of this source, at these options, before a quality was chosen
    chapters: Path | None = None  # a file with their names
    has_room: Callable[[], bool] = lambda: True  # while the disk has none, ffmpeg stands still

    @property
    def threads_beside(self) -> int | None:
        """For each of those that work beside the encoder, in a fraction of its time: decoders, filters, measuring."""
        return max(1, self.threads // 4) if self.threads else None

    @property
    def decoder_options(self) -> dict[str, int]:
        return {"threads": self.threads_beside} if self.threads_beside else {}
