"""The picture's own clock: how long it is, how many pictures, when they are shown. Of all of it, and of a part."""

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

from jobs.inspection.busiest import busiest_stretch
from jobs.inspection.cuts import SAME, cuts, reads_from, shortly_before
from jobs.inspection.holes import REORDERED, missing
from jobs.inspection.packets import Track, busiest_second

LOOKS = (0.1, 0.25, 0.5, 0.75)  # parts of the duration

Part = tuple[float | None, float | None]  # from when to when, in seconds after the beginning of the file


class Shown(NamedTuple):
    """Pictures that follow each other, by when they are shown, on the file's own clock and in seconds.

    `origin` is what the clock says where their times are counted from, `earliest` when the first of the film is shown.
    """

    starts: Sequence[float]
    origin: float
    duration: float
    last_frame: float  # how long the last one is shown
    earliest: float


def clock(stream: Any, read: Track, origin: float, *, is_fragmented: bool) -> dict[str, Any]:
    """The fields of a MediaInfo that tell it; `origin` is what the file's own clock says at its beginning."""
    starts, rate, said = sorted(read.starts), _usual_rate(stream), _said_length(stream, is_fragmented=is_fragmented)
    if not starts:
        return {"duration": None, "frames": None, "fps": rate}
    last = _end(stream, read, starts[-1]) - starts[-1]
    if last <= 0:  # nobody says how long a picture is shown
        last = _length_of_file(stream) if len(starts) == 1 else 0.0
    if last <= 0 and rate:
        last = 1 / rate
    seen = starts[-1] - starts[0]
    # An edit list may begin with nothing (ISO 14496-12 section 8.6.6), which counts in what is said.
    said = min((said, said - starts[0]), key=lambda length: abs(length - seen - last)) if starts[0] > 0 else said
    duration = said if said and said >= seen else seen + last  # one that ends before the last picture is wrong
    told = _told(read, Shown(starts, origin, duration, last, starts[0]))
    if read.holes and stream.container.format.name == "avi":  # pictures are counted there, which leaves no time open
        told["missing"] = max(0, min(_that_fit(read), stream.frames - read.packets))
    return {**told, "fps": _mean_rate(starts, duration) or rate}


def _that_fit(read: Track) -> int:
    """How many pictures the holes of the file have room for."""
    return round(read.lost_bytes * len(read.sizes) / max(1, sum(read.sizes)))


def _end(stream: Any, read: Track, last_start: float) -> float:
    """In an MP4 the packet that is written last says so; the one that is shown last may carry the time of another."""
    return read.last_end if _is_mp4(stream) and read.last_end > last_start + SAME else read.end


def part(read: Track, whole: dict[str, Any], wanted: Part) -> dict[str, Any] | None:
    """The same of the pictures that are shown from `wanted[0]` on and before `wanted[1]`, counted from the first.

    `skipped` is what comes before it, in seconds after the beginning of the file. `begins` and `ends` lie between the
    pictures outside and within, None where there is none outside. Without pictures it is {"frames": 0}; None where
    nobody knows when they are shown.
    """
    starts, origin = sorted(read.starts), whole.get("origin", 0.0)
    if not starts:
        return None
    start, film_end = wanted[0] or 0.0, starts[0] + whole["duration"]
    end = film_end if wanted[1] is None else min(film_end, origin + wanted[1])
    first = bisect_left(starts, origin + start - SAME)
    after = len(starts) if wanted[1] is None else bisect_left(starts, end - SAME)
    if first >= after:
        return {"frames": 0}
    shown, skipped = starts[first:after], (starts[first] - origin if first else start)
    zero = origin + skipped
    return {
        **_told(read, Shown(shown, zero, end - shown[0], end - shown[-1], starts[0])),
        "fps": _mean_rate(shown, end - shown[0]),
        "skipped": round(skipped, 6),
        "begins": round(shortly_before(starts, first) - zero, 6) if first else None,
        "ends": round(shortly_before(starts, after) - zero, 6) if after < len(starts) else None,
        "reads_from": round(reads_from(sorted(read.keys), shown[0], starts[0]) - zero, 6),
    }


def _told(read: Track, shown: Shown) -> dict[str, Any]:
    starts, duration = shown.starts, shown.duration
    gaps = [after - before for before, after in itertools.pairwise(starts) if after > before]
    return {
        "duration": round(duration, 6),
        "origin": round(shown.origin, 6),
        "starts_at": round(starts[0] - shown.origin, 6),
        "key_frames": _key_frames(read, starts[0], duration),
        "cuts": [] if read.has_jumped else cuts(starts, read.keys, shown.origin, shown.earliest),
        "times": sum(starts) - len(starts) * shown.origin,
        "last_frame": round(shown.last_frame, 6),
        "late_gap": round(max(gaps[-REORDERED:], default=0.0), 6),
        "frames": len(starts),
        "missing": missing(starts, read.holes, read.key_starts, _that_fit(read)),
        "peak_fps": max(busiest_second(starts), len(starts) / duration if 0 < duration < 1 else 0.0),
        "is_variable": bool(gaps) and max(gaps[:-1] or gaps) > 1.5 * min(gaps) + 0.002,
        "busiest": round(_busiest(read, starts[0], starts[-1]), 3),
        "has_jumps": read.has_jumped,
        "is_monotonic": all(after > before for before, after in itertools.pairwise(starts)),
    }


def _busiest(read: Track, first: float, last: float) -> float:
    shown = [(start, size) for start, size in zip(read.starts, read.sizes, strict=True) if first <= start <= last]
    return busiest_stretch([start for start, _ in shown], [size for _, size in shown])


def _mean_rate(starts: Sequence[float], duration: float) -> float | None:
    return round(len(starts) / duration, 3) if duration > 0 else None


def _said_length(stream: Any, *, is_fragmented: bool) -> float:
    """Of an MP4's picture: its edit list, or else its sample table, knows. 0 in other containers, which only guess;
    of fragments ffmpeg knows when the last one is decoded, not how long it is from the first picture to the last.
    """
    is_known = _is_mp4(stream) and not is_fragmented and stream.duration and stream.time_base
    return float(stream.duration * stream.time_base) if is_known else 0.0


def _length_of_file(stream: Any) -> float:
    """As its header says, whatever that counts; of a single picture, nothing else may tell."""
    return (stream.container.duration or 0) / 1_000_000


def _is_mp4(stream: Any) -> bool:
    return "mp4" in stream.container.format.name


def _key_frames(read: Track, start: float, duration: float) -> list[float]:
    """Those nearest to some parts of the whole, in seconds from its start: where a picture is cheap to have."""
    keys = [key - start for key in read.keys if start <= key < start + duration]
    if read.has_jumped or not keys:
        return []

    def nearest(second: float) -> float:
        return min(keys, key=lambda key: abs(key - second))

    return sorted({round(nearest(part * duration), 6) for part in LOOKS})


def _usual_rate(stream: Any) -> float | None:
    return float(stream.average_rate or stream.guessed_rate or 0) or None
