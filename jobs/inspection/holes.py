"""Where a file makes no sense any more and its demuxer reads on after it, without a word: what was there is lost.

Two things together tell of it: bytes that belong to no packet, and a picture that stays longer than others do.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any

# Bytes between two packets that are no hole yet: headers, indexes, and packets of a multiplex that are not complete.
# Healthy files had up to 3 kB, those that are multiplexed in small packets up to 26 kB. MP4 has a table of samples.
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

# In seconds, when pictures end before it and when one begins after it; whether bytes are lost, or counters say so.
Hole = tuple[float, float, bool]


class Bytes:
    """Those of a file that packets were made of, in the order in which they are read."""

    def __init__(self, container: Any):
        # Transparency of WebM lies beside the packets.
        is_clear = not any("alpha_mode" in stream.metadata for stream in container.streams)
        self._most = MOST_BETWEEN.get(container.format.name) if is_clear else None
        self._end = 0

    def lost_before(self, packet: Any) -> bool:
        """Whether bytes of none lie between this packet and those that came before it."""
        if self._most is None or packet.pos is None or packet.pos < 0:
            return False
        leap = packet.pos - self._end if self._end else 0
        self._end = max(self._end, packet.pos) + packet.size
        return leap > self._most


def missing(starts: Sequence[float], holes: Sequence[Hole], keys: Sequence[float]) -> int:
    """How many pictures would fill the time that holes left; `starts` are in order.

    Where recordings were joined, the counters of a transport stream jump as well, and a key frame follows.
    """
    if not holes or len(starts) < REORDERED:
        return 0
    usual, begin_anew = median(after - before for before, after in pairwise(starts)), set(keys)
    around = [(begin - REORDERED * usual, end + REORDERED * usual, is_sure) for begin, end, is_sure in holes]

    def is_lost(before: float, after: float) -> bool:
        near = [is_sure for begin, end, is_sure in around if before <= end and after >= begin]
        return any(near) or (bool(near) and after not in begin_anew)

    return sum(
        round((after - before) / usual) - 1
        for before, after in pairwise(starts)
        if after - before > TOO_LONG * usual and is_lost(before, after)
    )
