"""A args: which source is to be compressed, what it is, and what was asked for."""

from dataclasses import dataclass
from pathlib import Path

from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options


@dataclass(frozen=True)
class EncodeArgs:
    options: Options
    media: MediaInfo
    source: Path
