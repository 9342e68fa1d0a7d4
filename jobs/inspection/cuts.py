"""Where a film can be cut: at key frames, since a decoder can begin there; and between those, where need be."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

MOST = 2000  # key frames that are told of, and as many other pictures; eighteen seconds apart in a film of ten hours
CLOSEST = 0.5  # seconds
SAME = 1e-6  # seconds
WARMING = 1.0  # seconds of film that a decoder, and filters that remember pictures, are given before a cut

Cut = tuple[float, float, int, float, float, bool]  # the fields of `jobs.encoding.media.Cut`


def cuts(starts: Sequence[float], keys: Sequence[float], origin: float, earliest: float) -> list[Cut]:
    """Of pictures that begin at `starts`, in order, in a film that begins at `earliest`; `origin` is taken off.

    Empty where it has no key frame within.
    """
    times, keys = [0.0, *accumulate(start - origin for start in starts)], sorted(keys)
    at_keys = dict.fromkeys(_at_keys(starts, keys))  # in their order
    between = _between(starts, [0, *at_keys, len(starts) - 1]) if at_keys else []
    return [
        (
            round(shortly_before(starts, number) - origin, 6),
            round(starts[number] - origin, 6),
            number,
            round(times[number], 6),
            round(reads_from(keys, starts[number], earliest) - origin, 6),
            number in at_keys,
        )
        for number in sorted({*at_keys, *between})
    ]


def shortly_before(starts: Sequence[float], number: int) -> float:
    """So near to that picture that it does not come to lie on the one before, rounded to a whole tick."""
    return starts[number] - (starts[number] - starts[number - 1]) / 4


def reads_from(keys: Sequence[float], cut: float, first: float) -> float:
    """Of sorted keys the last one that is well before the cut; the beginning, where there is none."""
    number = bisect_left(keys, cut - WARMING)
    return keys[number - 1] if number else first


def _at_keys(starts: Sequence[float], keys: Sequence[float]) -> Iterator[int]:
    """The numbers of pictures that are key frames, not needlessly close to each other."""
    apart, latest = _apart(starts), starts[0]
    for key in keys:
        number = bisect_left(starts, key - SAME)
        is_shown = number < len(starts) and abs(starts[number] - key) < SAME
        if number and is_shown and key - latest >= apart:
            yield number
            latest = key


def _between(starts: Sequence[float], numbers: Sequence[int]) -> Iterator[int]:
    """Those of other pictures, evenly in what lies between these."""
    apart = _apart(starts)
    for before, after in pairwise(numbers):
        gap = starts[after] - starts[before]
        for part in range(1, int(gap / apart)):
            yield bisect_left(starts, starts[before] + part * gap / int(gap / apart), before + 1, after)


def _apart(starts: Sequence[float]) -> float:
    """Seconds, at least."""
    return max(CLOSEST, (starts[-1] - starts[0]) / MOST)
