"""Whether a film may be cut into pieces, and where: only where each picture is sure to be in one, and in no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from jobs.encoding.media import Cut, MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.recipes import Method

FEWEST_PIECES = 2
SHORTEST = 0.5  # of what a piece should last
FINEST = 1 / 15  # of that; one that is lost again and again can be halved so often
# Containers that can be sought in without losing the clock, and codecs of which a packet is a picture and a decoder
# may begin at any key frame. Each was tried: tests/product/encoding/test_pieces_are_exact.py.
CONTAINERS = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "avi", "mpeg", "flv", "nut"}
CODECS = {"h264", "hevc", "av1", "vp8", "vp9", "mpeg2video", "mpeg4", "mjpeg", "prores", "ffv1"}
REORDERED = {"h264", "hevc"}

Part = tuple[int, int]  # of a film: the numbers of the places between which it lies


@dataclass(frozen=True)
class Stretch:
    """What one piece holds: from `start` to `end`, in seconds after the beginning of the file.

    Both lie between two pictures. By the source's packets, `frames` are in it, shown from `first` on; `mean` is the
    mean of their times; a decoder has to begin at `reads_from`. Nothing is before the first stretch or after the last.
    """

    start: float
    end: float
    first: float
    frames: int | None
    mean: float
    reads_from: float
    is_first: bool = False
    is_last: bool = False

    @property
    def seconds(self) -> float:
        return self.end - self.start

    def holds(self, second: float) -> bool:
        """What is shown then, in seconds after the beginning of the file."""
        return (self.is_first or self.start <= second) and (self.is_last or second < self.end)


WHOLE = Stretch(0.0, 0.0, 0.0, None, 0.0, 0.0, is_first=True, is_last=True)


def is_long_enough(media: MediaInfo, piece_seconds: float | None) -> bool:
    return piece_seconds is not None and (media.duration or 0.0) >= FEWEST_PIECES * piece_seconds


def why_whole(options: Options, media: MediaInfo) -> str:
    """What stands against cutting it; "" where nothing does."""
    reasons = {
        "the recipe shares its bits over all of the film": options.the_recipe.method is Method.SIZE,
        "its pictures have no known clock": not media.frames or not media.duration,
        "two of its pictures have the same time": not media.is_monotonic,
        "the picture changes its shape": not media.is_steady,
    }
    why = next((words for words, applies in reasons.items() if applies), "") or why_from_its_beginning(media)
    return why or ("it has no key frame within" if not media.cuts else "")


def why_from_its_beginning(media: MediaInfo) -> str:
    """Why only one who reads it from its beginning knows when its pictures are shown; "" where anybody does."""
    reasons = {
        "the picture's clock jumps": media.has_jumps,
        "the sound has lost its clock": any(sound.has_lost_clock for sound in media.sounds),
        f"nobody tried cutting a container like this ({media.container})": media.container not in CONTAINERS,
        f"nobody tried cutting a codec like this ({media.video_codec})": media.video_codec not in CODECS,
        "AVI does not say when such pictures are shown": media.container == "avi" and media.video_codec in REORDERED,
    }
    return next((words for words, applies in reasons.items() if applies), "")


def places_to_cut(media: MediaInfo, piece_seconds: float) -> tuple[Cut, ...]:
    """The beginning of the picture, key frames that are not needlessly close to each other, and its end."""
    reads_from = media.reads_from if media.is_trimmed else media.starts_at
    end = media.starts_at + (media.duration or 0.0)
    places = [Cut(media.starts_at, media.starts_at, 0, 0.0, reads_from)]
    places += (cut for cut in media.cuts if cut.at - places[-1].at >= FINEST * piece_seconds)
    return (*places, Cut(end, end, media.frames or 0, media.times, end))


def parts_of(places: Sequence[Cut], piece_seconds: float) -> tuple[Part, ...]:
    """Cut where it is nearest to multiples of `piece_seconds`. One, where nothing is near enough."""
    begin, end = places[0].at, places[-1].at
    count = max(1, round((end - begin) / piece_seconds))
    chosen = [0]
    for number in range(1, count):
        nearest = _nearest(places, begin + number * (end - begin) / count, range(1, len(places) - 1))
        before, at = places[chosen[-1]].at, places[nearest].at if nearest else begin
        if min(at - before, end - at) >= SHORTEST * piece_seconds:
            chosen.append(nearest)
    return tuple(pairwise([*chosen, len(places) - 1]))


def halves(places: Sequence[Cut], part: Part) -> tuple[Part, Part] | None:
    """Of a piece, cut where it is nearest to its middle; None where nothing is within."""
    begin, end = part
    middle = _nearest(places, (places[begin].at + places[end].at) / 2, range(begin + 1, end))
    return ((begin, middle), (middle, end)) if middle else None


def stretch_between(places: Sequence[Cut], part: Part) -> Stretch:
    a, b = (places[number] for number in part)
    return Stretch(
        start=a.at,
        end=b.at,
        first=a.first,
        frames=b.frames - a.frames,
        mean=round((b.times - a.times) / (b.frames - a.frames), 6),
        reads_from=a.reads_from,
        is_first=part[0] == 0,
        is_last=part[1] == len(places) - 1,
    )


def _nearest(places: Sequence[Cut], second: float, numbers: range) -> int:
    """The number of that place; 0 where there are none."""
    return min(numbers, key=lambda number: abs(places[number].at - second), default=0)
