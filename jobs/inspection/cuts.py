"""Where a film can be cut: at key frames, since a decoder can begin there."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

MOST = 2000  # that are told of; eighteen seconds apart in a film of ten hours
CLOSEST = 0.5  # seconds
SAME = 1e-6  # seconds
WARMING = 1.0  # seconds of film that a decoder, and filters that remember pictures, are given before a cut

Cut = tuple[float, float, int, float, float]  # the fields of `jobs.encoding.media.Cut`


def cuts(starts: Sequence[float], keys: Sequence[float], origin: float, earliest: float) -> list[Cut]:
    """Of pictures that begin at `starts`, in order, in a film that begins at `earliest`; `origin` is taken off."""
    apart = max(CLOSEST, (starts[-1] - starts[0]) / MOST)
    times = [0.0, *accumulate(start - origin for start in starts)]
    keys, found, latest = sorted(keys), [], starts[0]
    for key in keys:
        before = bisect_left(starts, key - SAME)
        is_shown = before < len(starts) and abs(starts[before] - key) < SAME
        if before and is_shown and key - latest >= apart:
            at = shortly_before(starts, before) - origin
            since = reads_from(keys, key, earliest) - origin
            found.append((round(at, 6), round(key - origin, 6), before, round(times[before], 6), round(since, 6)))
            latest = key
    return found


def shortly_before(starts: Sequence[float], number: int) -> float:
    """So near to that picture that it does not come to lie on the one before, rounded to a whole tick."""
    return starts[number] - (starts[number] - starts[number - 1]) / 4


def reads_from(keys: Sequence[float], cut: float, first: float) -> float:
    """Of sorted keys the last one that is well before the cut; the beginning, where there is none."""
    number = bisect_left(keys, cut - WARMING)
    return keys[number - 1] if number else first
