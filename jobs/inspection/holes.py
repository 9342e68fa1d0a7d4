"""Where a file makes no sense any more and its demuxer reads on after it, without a word: what was there is lost.

Two things together tell of it: bytes that belong to no packet, and a picture that stays longer than others do.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

# Bytes between two packets that are no hole yet: headers, indexes, and packets of a multiplex that are not complete.
# Healthy files had up to 3 kB, those that are multiplexed in small packets more. MP4 has a table of samples; of
# program streams nobody can tell, since what their packets take of the file is not known.
MOST_BETWEEN = {
    "matroska,webm": 4096,
    "avi": 4096,
    "flv": 4096,
    "ogg": 4096,
    "mxf": 4096,
    "asf": 16384,
    "mpegts": 16384,
}
REORDERED = 8  # pictures; encoders write none of them farther from its place than that
TOO_LONG = 1.6  # times as long as usual; pictures of film on television last two fields or three
PACKETS_OF_TS, SYNC = (188, 192, 204), 0x47  # ISO 13818-1 section 2.4.3.2; with a time before, or a checksum after
LOOKED_AT = 1024**2  # bytes of a hole
LISTS, INDEXES = {b"RIFF", b"LIST"}, {b"JUNK", b"idx1"}  # of an AVI; and `ix00`, for each track

# In seconds, when pictures end before it and when one begins after it; whether bytes are lost, or counters say so.
Hole = tuple[float, float, bool]


class Bytes:
    """Those of a file that packets were made of."""

    def __init__(self, container: Any):
        # Transparency of WebM lies beside the packets.
        is_clear = not any("alpha_mode" in stream.metadata for stream in container.streams)
        self._path, self._format = Path(container.name), container.format.name
        self._most = MOST_BETWEEN.get(self._format) if is_clear else None
        self._positions, self._sizes = array("q"), array("q")
        self._end = 0
        self._leaps = False

    def add(self, packet: Any) -> None:
        if self._most is None or packet.pos is None or packet.pos < 0:
            return
        self._positions.append(packet.pos)
        self._sizes.append(packet.size)
        self._leaps = self._leaps or (self._end > 0 and packet.pos - self._end > self._most)
        self._end = max(self._end, packet.pos) + packet.size

    def holes(self) -> list[tuple[int, int]]:
        """From where to where. A packet may be complete, and come, after those that lie within it."""
        if self._most is None or not self._leaps:
            return []
        return [(begin, end) for begin, end in self._gaps(self._most) if not self._makes_sense(begin, end)]

    def _gaps(self, most: int) -> Iterator[tuple[int, int]]:
        end = 0
        for position, size in sorted(zip(self._positions, self._sizes, strict=True)):
            if end and position - end > most:
                yield end, position
            end = max(end, position) + size

    def _makes_sense(self, begin: int, end: int) -> bool:
        """Whether what is there belongs to no packet by right: packets that fill up a rate, or an index."""
        with self._path.open("rb") as file:
            file.seek(begin)
            content = file.read(min(end - begin, LOOKED_AT))
        if self._format == "mpegts":
            return any(set(content[at::size]) == {SYNC} for size in PACKETS_OF_TS for at in range(size))
        return self._format == "avi" and _are_indexes(content)


def _are_indexes(content: bytes) -> bool:
    at = int(content[:1] == b"\0")  # chunks begin at even places
    while at + 12 <= len(content):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if name not in LISTS | INDEXES and name[:2] != b"ix":
            return False
        at += 12 if name in LISTS else 8 + length + length % 2
    return True


def around(holes: Sequence[tuple[int, int]], positions: Sequence[int], starts: Sequence[float]) -> Iterator[Hole]:
    """When they are, by the pictures before and after them; `positions` are theirs in the file."""
    placed = sorted(zip(positions, starts, strict=True)) if holes else []
    for begin, _ in holes:
        after = bisect_left(placed, (begin, 0.0))
        if 0 < after < len(placed):
            yield placed[after - 1][1], placed[after][1], True


def missing(starts: Sequence[float], holes: Sequence[Hole], key_starts: Sequence[float], fit: int) -> int:
    """How many pictures would fill the time that holes left; `starts` are in order, and `fit` fit into the holes.

    Where recordings were joined, the counters of a transport stream jump as well, and a key frame follows.
    """
    if not holes or len(starts) < REORDERED:
        return 0
    usual = median(after - before for before, after in pairwise(starts))
    if usual <= 0:  # most of them have the same time
        return 0
    near = REORDERED * usual
    keys, windows = sorted(key_starts), _merged((begin - near, end + near, sure) for begin, end, sure in sorted(holes))

    def begins_anew(at: float) -> bool:
        key = bisect_left(keys, at)
        return key < len(keys) and keys[key] <= at + near

    def is_lost(before: float, after: float) -> bool:
        last = bisect_left(windows, after, key=lambda window: window[0]) - 1
        if last < 0 or windows[last][1] < before:
            return False
        return windows[last][2] or not begins_anew(after)

    lost = sum(
        round((after - before) / usual) - 1
        for before, after in pairwise(starts)
        if after - before > TOO_LONG * usual and is_lost(before, after)
    )
    return min(lost, fit) if all(sure for _, _, sure in holes) else lost


def _merged(windows: Iterable[Hole]) -> list[Hole]:
    """Those that overlap as one; `windows` are in the order of their beginnings."""
    merged: list[Hole] = []
    for begin, end, sure in windows:
        if merged and begin <= merged[-1][1]:
            first, last, was_sure = merged.pop()
            merged.append((first, max(end, last), sure or was_sure))
        else:
            merged.append((begin, end, sure))
    return merged
