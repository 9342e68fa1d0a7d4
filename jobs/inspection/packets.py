"""One reading of all packets: the picture's own clock, and what each track weighs."""

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import av
from av.format import Flags

from jobs.inspection.holes import Bytes, Hole, around
from jobs.inspection.texts import tells_place

JUMP, STEP_BACK = 10.0, 0.1  # seconds between two packets in a row; ffmpeg takes them for a new clock, too
TELL_EVERY = 20_000  # packets
LONGEST_TEXT = 2000  # bytes of a subtitle that are looked into

Tell = Callable[[float], None]  # how much of the file was read, from 0 to 1


@dataclass
class Track:
    """What the packets of one stream say. Times are in seconds on the file's clock, its jumps taken out."""

    description: str = ""  # of the stream, as ffmpeg logs it
    size: int = 0  # bytes
    packets: int = 0
    discarded: float = 0.0  # seconds that an edit list does not show
    has_jumped: bool = False
    end: float = -math.inf  # of what is shown
    last_end: float = -math.inf  # the same of the packet that was read last
    first_bytes: bytes = b""
    tells_places: bool = False  # a subtitle does
    starts: "array[float]" = field(default_factory=lambda: array("d"))  # of the pictures that are shown
    sizes: "array[int]" = field(default_factory=lambda: array("L"))  # of their packets, in bytes
    positions: "array[int]" = field(default_factory=lambda: array("q"))  # in the file, -1 where nobody knows
    keys: "array[float]" = field(default_factory=lambda: array("d"))  # of the key frames, on the file's own clock
    key_starts: "array[float]" = field(default_factory=lambda: array("d"))  # of the same, as `starts`
    key_bytes: int = 0  # of the key frames
    first_key: Any = None  # the packet
    is_encrypted: bool = False  # at least in parts
    holes: list[Hole] = field(default_factory=list)  # of a picture: between which of its packets some may be lost
    lost_bytes: int = 0  # of the file, in holes
    _before: float | None = None
    _expected: float = 0.0
    _offset: float = 0.0

    def add(self, packet: Any, may_jump: bool, kind: str) -> None:
        self._weigh(packet, kind)
        stamp = packet.dts if packet.dts is not None else packet.pts
        if stamp is None or packet.time_base is None:
            return
        tick = float(packet.time_base)
        duration = (packet.duration or 0) * tick
        if may_jump:
            self._follow(stamp * tick, duration)
        shown = (packet.pts if packet.pts is not None else stamp) * tick
        if kind == "video" and packet.is_keyframe:
            self.keys.append(shown)
            self.key_starts.append(shown + self._offset)
            self.key_bytes += packet.size
            self.first_key = self.first_key or packet
        if packet.is_discard:  # outside of what an edit list shows
            self.discarded += duration
            return
        if kind == "video" and packet.size:  # Theora says "the same again" with an empty one
            self._show(packet, shown, may_jump)
        self.last_end = shown + self._offset + duration
        self.end = max(self.last_end, self.end)

    def _weigh(self, packet: Any, kind: str) -> None:
        if not self.packets:
            self.first_bytes = bytes(packet)[:65536]
        if kind == "subtitle" and not self.tells_places:
            self.tells_places = tells_place(bytes(packet)[:LONGEST_TEXT].decode("utf-8", "replace"))
        self.packets += 1
        self.size += packet.size

    def _show(self, packet: Any, shown: float, may_begin_anywhere: bool) -> None:
        # A recording of a broadcast is healthy though its first pictures lack the key frame before them.
        is_lead = may_begin_anywhere and not self._offset and (not self.keys or shown < self.keys[0] - 1e-6)
        if is_lead:
            return
        if may_begin_anywhere and packet.is_corrupt and self.starts:  # by the counters of its packets
            self.holes.append((self.end, shown + self._offset, False))
        self.starts.append(shown + self._offset)
        self.sizes.append(packet.size)
        self.positions.append(-1 if packet.pos is None else packet.pos)

    def _follow(self, stamp: float, duration: float) -> None:
        if self._before is not None and not -STEP_BACK < stamp - self._before < JUMP:
            self._offset += self._expected - stamp
            self.has_jumped = True
        self._before, self._expected = stamp, stamp + duration


def read_packets(container: Any, size: int, tell: Tell) -> tuple[dict[int, Track], int, bool]:
    """By the streams' numbers; how many bytes of the file that is, and whether its end was met.

    What cannot be read any further ends it, as it will end ffmpeg's reading; that is no error here.
    """
    tracks = {stream.index: Track() for stream in container.streams}
    kinds = {stream.index: stream.type for stream in container.streams}
    may_jump = bool(container.format.flags & Flags.ts_discont.value)
    may_be_encrypted = "mp4" in container.format.name  # of other containers no packet says so
    number, reached, place, bytes_read = 0, 0, None, Bytes(container)
    try:
        for packet in _packets(container):
            track = tracks[packet.stream_index]
            bytes_read.add(packet)
            track.add(packet, may_jump, kinds[packet.stream_index])
            if may_be_encrypted and packet.is_keyframe and packet.has_sidedata("encryption_info"):
                track.is_encrypted = True
            number += 1
            if packet.pos is not None:  # those that were laced (RFC 9559 section 5.1.3.5) have one place
                reached = reached + packet.size if packet.pos == place else max(reached, packet.pos + packet.size)
                place = packet.pos
            if number % TELL_EVERY == 0:
                tell(min(1.0, reached / size))
        is_end = True
    except av.FFmpegError:
        is_end = False
    holes = bytes_read.holes()
    for track in tracks.values():
        track.holes += around(holes, track.positions, track.starts)
        track.lost_bytes = sum(end - begin for begin, end in holes)
    return tracks, reached, is_end


def _packets(container: Any) -> Iterator[Any]:
    """Those of the streams that were there at first, without the flushes at their end.

    After the last packet, PyAV ends with an IndexError where another stream began midway; it reads beyond an array of
    its own there, which cannot be helped from here.
    """
    with suppress(IndexError):
        for packet in container.demux():
            if packet.size or packet.dts is not None:
                yield packet


def busiest_second(starts: Sequence[float]) -> float:
    """The most pictures that any second holds."""
    most, first = 0, 0
    for last, start in enumerate(starts):
        while start - starts[first] >= 1.0 - 1e-3:
            first += 1
        most = max(most, last - first + 1)
    return float(most)
