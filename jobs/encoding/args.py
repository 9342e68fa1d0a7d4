"""What an encode is given: which source, what it is, what was asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jobs.encoding.media import MediaInfo
from jobs.encoding.memory import memory_share
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
    one_thread: bool = False  # for decoder and encoder each, after a try with more has failed
    piece_seconds: float | None = None  # about how long a piece of a film is; None never cuts
    chapters: Path | None = None  # a file with their names
    has_room: Callable[[], bool] = lambda: True  # while the disk has none, ffmpeg stands still
