"""A brief: which source is to be compressed, what it is, and what was asked for."""

from dataclasses import dataclass
from pathlib import Path

from jobs.encoding.media import MediaInfo
from jobs.encoding.order import Order


@dataclass(frozen=True)
class Brief:
    order: Order
    media: MediaInfo
    source: Path
