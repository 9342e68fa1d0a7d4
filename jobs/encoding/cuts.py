"""Whether a film may be cut into pieces, and where: only where each picture is sure to be in one, and in no other."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from jobs.encoding.media import Cut, MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.recipes import Method

FEWEST_PIECES = 2
SHORTEST = 0.5  # of what a piece should last
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


def stretches(media: MediaInfo, piece_seconds: float) -> tuple[Stretch, ...]:
    """Cut at the key frames that are nearest to multiples of `piece_seconds`. One, where there are none such."""
    reads_from = media.reads_from if media.is_trimmed else media.starts_at
    first = Cut(media.starts_at, media.starts_at, 0, 0.0, reads_from)
    end = media.starts_at + (media.duration or 0.0)
    last = Cut(end, end, media.frames or 0, media.times, end)
    return tuple(
        Stretch(
            start=a.at,
            end=b.at,
            first=a.first,
            frames=b.frames - a.frames,
            mean=round((b.times - a.times) / (b.frames - a.frames), 6),
            reads_from=a.reads_from,
            is_first=a is first,
            is_last=b is last,
        )
        for a, b in pairwise((first, *_chosen(media, piece_seconds, first), last))
    )


def _chosen(media: MediaInfo, piece_seconds: float, first: Cut) -> Iterator[Cut]:
    begin, end = media.starts_at, media.starts_at + (media.duration or 0.0)
    count = max(1, round((end - begin) / piece_seconds))
    latest = begin
    for number in range(1, count):
        wanted = begin + number * (end - begin) / count
        cut = min(media.cuts, key=lambda cut: abs(cut.at - wanted), default=first)
        if min(cut.at - latest, end - cut.at) >= SHORTEST * piece_seconds:
            yield cut
            latest = cut.at
