"""Where a file makes no sense any more and its demuxer reads on after it, without a word: what was there is lost.

Two things together tell of it: bytes that belong to no packet, and a picture that stays longer than others do.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any

# Bytes between two packets that are no hole yet: headers, indexes, and packets of a multiplex that are not complete.
# Healthy files had up to 3 kB; those that are multiplexed in small packets up to 26 kB. MP4 has a table of its samples.
MOST_BETWEEN = {
    "matroska,webm": 4096,
    "avi": 4096,
    "flv": 4096,
    "ogg": 4096,
    "mxf": 4096,
    "asf": 16384,
    "mpeg": 16384,
    "mpegts": 16384,
}
REORDERED = 8  # pictures; the one before a hole and the one after it may be shown so far from it
TOO_LONG = 1.6  # times as long as usual; pictures of film on television last two fields or three

Hole = tuple[float, float]  # in seconds, when pictures end before it, and when one begins after it


class Bytes:
    """Those of a file that packets were made of, in the order in which they are read."""

    def __init__(self, container: Any):
        # Transparency of WebM lies beside the packets.
        is_clear = not any("alpha_mode" in stream.metadata for stream in container.streams)
        self._most = MOST_BETWEEN.get(container.format.name) if is_clear else None
        self._has_counters = container.format.name == "mpegts"
        self._end = 0

    def leave_a_hole(self, packet: Any) -> bool:
        """Before this packet, by what came before."""
        if self._most is None or packet.pos is None or packet.pos < 0:
            return False
        leap = packet.pos - self._end if self._end else 0
        self._end = max(self._end, packet.pos) + packet.size
        return leap > self._most or (self._has_counters and packet.is_corrupt)


def missing(starts: Sequence[float], holes: Sequence[Hole]) -> int:
    """How many pictures would fill the time that holes left; `starts` are in order."""
    if not holes or len(starts) < REORDERED:
        return 0
    usual = median(after - before for before, after in pairwise(starts))
    around = [(begin - REORDERED * usual, end + REORDERED * usual) for begin, end in holes]
    return sum(
        round((after - before) / usual) - 1
        for before, after in pairwise(starts)
        if after - before > TOO_LONG * usual and any(before <= end and after >= begin for begin, end in around)
    )
