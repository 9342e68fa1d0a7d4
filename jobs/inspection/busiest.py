"""Where most happens in a film: where its bytes are."""

from collections.abc import Sequence

SECONDS = 10.0  # of which it is told when they begin


def busiest_stretch(starts: Sequence[float], sizes: Sequence[int], seconds: float = SECONDS) -> float:
    """When so many seconds with the most bytes begin, after the first picture. In whatever order they come."""
    pictures = sorted(zip(starts, sizes, strict=True))
    most, best, within, first = 0, 0.0, 0, 0
    for start, size in pictures:
        within += size
        while start - pictures[first][0] >= seconds:
            within -= pictures[first][1]
            first += 1
        if within > most:
            most, best = within, pictures[first][0]
    return best - pictures[0][0] if pictures else 0.0
