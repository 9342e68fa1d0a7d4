"""When the pictures of one piece are shown, and whether they are those that the plan named."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from jobs.encoding.cuts import Stretch
from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.picture import is_faster_than_asked
from jobs.encoding.session import EncodeSession

NEAR = 0.25  # of a picture's time: one picture too early and one too few at the end would be four times as much


class CannotCut(Exception):
    """A piece is not what it should be, so that the film has to be compressed whole. Its text says why."""


@dataclass(frozen=True)
class Clock:
    """In seconds after the beginning of the source, rounded to microseconds."""

    frames: int
    first: float
    mean: float


def read_clock(path: Path) -> Clock:
    """Of a file with a line for each picture: ticks, and how long a tick is. Raises CannotCut where there are none."""
    ticks, unit = [], "1"
    with path.open() as lines:
        for line in lines:
            said, _, unit = line.strip().partition(" ")
            ticks.append(int(said))
    if not ticks:
        raise CannotCut("nothing of a piece can be read")
    tick = Fraction(unit)
    return Clock(len(ticks), round(float(min(ticks) * tick), 6), round(float(sum(ticks) * tick / len(ticks)), 6))


def check_clock(clock: Clock, stretch: Stretch, session: EncodeSession, *, damaged: bool) -> None:
    """Raises CannotCut where the pictures of the source are not in it, all of them and no other.

    Of a `damaged` source, of which ffmpeg complained, some may be missing; but not the first, which would be there if
    the film had not been cut.
    """
    fewest, most = _expected(stretch, session.options, session.media)
    if not (1 if damaged else fewest) <= clock.frames <= most:
        raise CannotCut(f"from {stretch.start:.3f} s on there are {clock.frames} pictures, and not {fewest}")
    picture = stretch.seconds / clock.frames
    if is_faster_than_asked(session.options, session.media):
        return
    off = clock.first - stretch.first if clock.frames < fewest else clock.mean - stretch.mean
    if abs(off) > NEAR * picture:
        raise CannotCut(f"from {stretch.start:.3f} s on the pictures are {off:.3f} s off")


def _expected(stretch: Stretch, options: Options, media: MediaInfo) -> tuple[int, float]:
    """The fewest and the most pictures. A constant rate gives the filter `fps` a picture for each of its own ticks."""
    if not is_faster_than_asked(options, media):
        return stretch.frames or 0, stretch.frames or 0
    rate = options.max_fps or 1
    if media.is_variable:
        return 1, stretch.seconds * rate + 2
    ticks = round(stretch.end * rate) - round(stretch.start * rate)
    spare = 2 if stretch.is_first or stretch.is_last else 1
    return ticks - spare, ticks + spare
