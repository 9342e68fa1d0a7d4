"""Whether a film may be cut into pieces, and where: only where each picture is sure to be in one, and in no other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from jobs.encoding.media import Cut, MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.recipes import Method

FEWEST_PIECES = 2
SHORTEST = 0.5  # of what a piece should last
FINEST = 1 / 60  # of that, from one place where it can be halved to the next
PICTURES = 2  # that are in the shortest half
# Containers that can be sought in without losing the clock, and codecs of which a packet is a picture and a decoder
# may begin at any key frame. Each was tried: tests/product/encoding/test_pieces_are_exact.py.
CONTAINERS = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "avi", "mpeg", "flv", "nut"}
CODECS = {"h264", "hevc", "av1", "vp8", "vp9", "mpeg2video", "mpeg4", "mjpeg", "prores", "ffv1"}
REORDERED = {"h264", "hevc"}


@dataclass(frozen=True)
class Stretch:
    """What one piece holds: from `start` to `end`, in seconds after the beginning of the file.

    Both lie between two pictures. By the source's packets, `frames` are in it, shown from `first` on; `mean` is the
    mean of their times; a decoder has to begin at `reads_from`. Nothing is before the first stretch or after the last.
    It can be divided at `cuts`, whose `frames` and `times` count from its beginning.
    """

    start: float
    end: float
    first: float
    frames: int | None
    mean: float
    reads_from: float
    is_first: bool = False
    is_last: bool = False
    cuts: tuple[Cut, ...] = ()

    def as_list(self) -> list[Any]:
        """As JSON: some 50 bytes for each place where it can be divided."""
        return [*list(asdict(self).values())[:-1], [list(asdict(cut).values()) for cut in self.cuts]]

    @classmethod
    def from_list(cls, fields: Sequence[Any]) -> "Stretch":
        *values, cuts = fields
        return replace(cls(*values), cuts=tuple(Cut(*cut) for cut in cuts))

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
    return why or ("it has no key frame within" if not any(cut.is_key for cut in media.cuts) else "")


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


def stretches(media: MediaInfo, piece_seconds: float, max_fps: float | None = None) -> tuple[Stretch, ...]:
    """Cut at the key frames that are nearest to multiples of `piece_seconds`. One, where there are none such.

    However often one is halved, at `max_fps` there are pictures in each.
    """
    reads_from = media.reads_from if media.is_trimmed else media.starts_at
    first = Cut(media.starts_at, media.starts_at, 0, 0.0, reads_from)
    end = media.starts_at + (media.duration or 0.0)
    last = Cut(end, end, media.frames or 0, media.times, end)
    apart = max(FINEST * piece_seconds, PICTURES / max_fps if max_fps else 0.0)
    return tuple(
        _between(a, b, _spaced(media.cuts, a.at, b.at, apart), is_first=a is first, is_last=b is last)
        for a, b in pairwise((first, *_chosen(media, piece_seconds, first), last))
    )


def halves(stretch: Stretch) -> tuple[Stretch, Stretch] | None:
    """Divided where it is nearest to its middle; None where it cannot be."""
    cuts, frames, middle = stretch.cuts, stretch.frames or 0, (stretch.start + stretch.end) / 2
    if not cuts:
        return None
    number = min(range(len(cuts)), key=lambda number: abs(cuts[number].at - middle))
    begin = Cut(stretch.start, stretch.first, 0, 0.0, stretch.reads_from)
    end = Cut(stretch.end, stretch.end, frames, frames * stretch.mean, stretch.end)
    return (
        _between(begin, cuts[number], cuts[:number], is_first=stretch.is_first, is_last=False),
        _between(cuts[number], end, cuts[number + 1 :], is_first=False, is_last=stretch.is_last),
    )


def _between(a: Cut, b: Cut, cuts: Sequence[Cut], *, is_first: bool, is_last: bool) -> Stretch:
    frames, times = b.frames - a.frames, b.times - a.times
    within = (replace(cut, frames=cut.frames - a.frames, times=round(cut.times - a.times, 6)) for cut in cuts)
    return Stretch(
        a.at, b.at, a.first, frames, round(times / frames, 6), a.reads_from, is_first, is_last, cuts=tuple(within)
    )


def _spaced(cuts: Iterable[Cut], begin: float, end: float, apart: float) -> list[Cut]:
    """Those within, not too close to each other or to either end."""
    spaced: list[Cut] = []
    for cut in cuts:
        before = spaced[-1].at if spaced else begin
        if cut.at - before >= apart and end - cut.at >= apart:
            spaced.append(cut)
    return spaced


def _chosen(media: MediaInfo, piece_seconds: float, first: Cut) -> Iterator[Cut]:
    begin, end = media.starts_at, media.starts_at + (media.duration or 0.0)
    count = max(1, round((end - begin) / piece_seconds))
    latest = begin
    keys = [cut for cut in media.cuts if cut.is_key]
    for number in range(1, count):
        wanted = begin + number * (end - begin) / count
        cut = min(keys, key=lambda cut: abs(cut.at - wanted), default=first)
        if min(cut.at - latest, end - cut.at) >= SHORTEST * piece_seconds:
            yield cut
            latest = cut.at
