"""What an encode is given: which source, what it is, what was asked for."""

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
    chapters: Path | None = None  # a file with their names
