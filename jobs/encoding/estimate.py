"""What a job will bring, said before it begins: how many bytes and how many seconds, as ranges.

Two numbers carry over from one video to the next of the same kind, both as logarithms:

- *density*: how many bits a second the result spends on a pixel, over a power of what the source spends. The power
  stands between two half-truths: that a result is a share of its source, and that it has nothing to do with its size.
- *pace*: seconds for a million pixels of work.

What earlier jobs showed of each is `Seen`; `usual_density` and `usual_pace` say what is believed where there are few.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from jobs.encoding.encode import encode_seconds, measure_seconds, megapixels
from jobs.encoding.media import MediaInfo
from jobs.encoding.memory import processors
from jobs.encoding.methods.samples import WORTHWHILE
from jobs.encoding.methods.search import HALF_AT
from jobs.encoding.methods.size import FULL, smallest_limit
from jobs.encoding.options import Options
from jobs.encoding.picture import target_height
from jobs.encoding.recipes import Method

Range = tuple[float, float]

# From benchmarks/compression.py and benchmarks/estimates.py, and so wide that a new server promises little.
DENSITIES = {"h264": -0.4, "hevc": -0.5, "av1": -0.6}
POWER = 0.75  # fits clips of all bit rates best; of sources of one bit rate, any would do
USUAL_SPREAD = 0.5  # of either logarithm: one standard deviation
AGAIN = {Method.QUALITY: 1.6, Method.SINGLE: 1.6, Method.SIZE: 2.2}  # times encoding once: search, repeats, checks
MEASURED_ON = 2  # processors
BELIEVED_AS = 1, 4  # jobs, for as many of which the usual counts: in the mean, in the spread
WIDTH = 1.4  # standard deviations to either side: truth lies within more often than 8 times of 10
BITS_SAVED = {"hevc": 1.5, "vp9": 1.5, "av1": 1.8, "mpeg2video": 0.5, "mpeg4": 0.7, "mjpeg": 0.15, "prores": 0.1}
DECODING = 0.15  # of the work on a pixel of the result
BESIDE = 2.0  # seconds that any job takes: a look, a check, stills
TRIED = 0.15  # of the work is done when a source is found to be small already
FPS = 24.0, 60.0  # between which a rate lies that nobody named
SMALL_PICTURE, LARGE_PICTURE = 500_000, 2_500_000  # pixels

UNKNOWN = {
    "no_duration": "How long the video plays is not known.",
    "no_such_part": "The video ends before the part that is asked for.",
    "no_picture": "How large the picture is, is not known.",
    "limit_too_small": "So few bytes leave no picture: ask for more, or leave out the sound.",
}


@dataclass(frozen=True)
class Seen:
    """Of logarithms: how many, their sum, the sum of their squares."""

    count: float = 0.0
    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True)
class Learned:
    """What earlier jobs of one kind showed. `jobs`: how many speak."""

    density: Seen = Seen()
    pace: Seen = Seen()

    @property
    def jobs(self) -> int:
        return round(self.density.count)


@dataclass(frozen=True)
class Estimate:
    """Bytes of the result and seconds of work, each from low to high; None where `reason` (of UNKNOWN) stands.

    `is_probably_small`: the result will rather be the original. `from_jobs`: how many jobs of this server it rests on;
    0: on our benchmarks.
    """

    bytes: tuple[int, int] | None = None
    seconds: tuple[int, int] | None = None
    is_probably_small: bool = False
    from_jobs: int = 0
    reason: str | None = None


def known(fields: Mapping[str, Any]) -> MediaInfo:
    """A video of which little is known: `size`, and what there is of `duration`, `width`, `height`, `fps` and
    `video_codec`."""
    return MediaInfo(
        container="",
        size=fields["size"],
        duration=fields.get("duration"),
        width=fields.get("width") or 0,
        height=fields.get("height") or 0,
        rotation=0,
        fps=fields.get("fps"),
        frames=None,
        video_codec=fields.get("video_codec") or "",
        pixel_format="",
    )


def kind_of(options: Options, media: MediaInfo) -> str:
    """Jobs of one kind are alike enough to learn from each other."""
    pixels = media.width * media.height
    size = "small" if pixels < SMALL_PICTURE else "large" if pixels > LARGE_PICTURE else "usual"
    return f"{options.recipe} {options.video_codec.name} {size}"


def estimate(options: Options, media: MediaInfo, learned: Learned) -> Estimate:
    media = _of_part(options, media)
    if reason := _why_not(options, media):
        return Estimate(reason=reason)
    low, high = _bytes(options, media, learned.density)
    largest = media.size * (1.0 if options.changes_more or _method(options) is not Method.QUALITY else WORTHWHILE)
    is_small = math.sqrt(low * high) >= largest and not options.is_trimmed
    low, high = (each if each < largest else media.size for each in (low, high))
    return Estimate(
        bytes=(round(low), round(high)),
        seconds=_seconds(options, media, learned.pace, may_end_early=high == media.size),
        is_probably_small=is_small,
        from_jobs=learned.jobs,
    )


def density_of(options: Options, media: MediaInfo, result_bytes: int) -> float | None:
    """What a finished job teaches; None: nothing."""
    media = _of_part(options, media)
    if _why_not(options, media):
        return None
    return math.log(max(1, result_bytes) / _bytes_at_density_one(options, media))


def pace_of(options: Options, media: MediaInfo, seconds: float) -> float | None:
    media = _of_part(options, media)
    if _why_not(options, media):
        return None
    return math.log(max(seconds - BESIDE, seconds / 4, 0.01) / _work(options, media))


def _of_part(options: Options, media: MediaInfo) -> MediaInfo:
    """As if it were a video by itself, with its share of the bytes."""
    if not options.is_trimmed or not media.duration:
        return media
    end = min(media.duration, options.end if options.end is not None else media.duration)
    seconds = max(0.0, end - (options.start or 0.0))
    return replace(media, duration=seconds, size=max(1, round(media.size * seconds / media.duration)))


def _why_not(options: Options, media: MediaInfo) -> str | None:
    if media.duration == 0 and options.is_trimmed:
        return "no_such_part"
    if not media.duration:
        return "no_duration"
    if not media.width or not media.height:
        return "no_picture"
    if _method(options) is Method.SIZE and (options.limit_bytes or 0) < smallest_limit(options, media):
        return "limit_too_small" if _must_shrink(options, media) else None
    return None


def _bytes(options: Options, media: MediaInfo, seen: Seen) -> Range:
    if _method(options) is Method.SIZE:
        limit = min(options.limit_bytes or 0, media.size)
        return (FULL * limit, limit) if _must_shrink(options, media) else (media.size, media.size)
    one = _bytes_at_density_one(options, media)
    low, high = _expected(DENSITIES[options.video_codec.name], seen)
    return one * math.exp(low), one * math.exp(high)


def _must_shrink(options: Options, media: MediaInfo) -> bool:
    return options.changes_more or media.size > (options.limit_bytes or 0)


def _bytes_at_density_one(options: Options, media: MediaInfo) -> float:
    duration, codec = media.duration or 0.0, options.video_codec
    pixels = media.pixels_at(target_height(options, media))
    given = media.size * 8 / duration / (media.width * media.height) * BITS_SAVED.get(media.video_codec, 1.0)
    finer = (options.target_quality - 95) / codec.slope / HALF_AT if _method(options) is Method.QUALITY else 0.0
    rate = min(1.0, (options.max_fps or 240) / (media.fps or FPS[0]))
    return math.pow(given, POWER) * math.sqrt(rate) * pixels * duration / 8 * 2**finer


def _seconds(options: Options, media: MediaInfo, seen: Seen, *, may_end_early: bool) -> tuple[int, int]:
    low, high = _expected(_usual_pace(options), seen)
    work = _work(options, media)
    slowest, fastest = (1.0, 1.0) if media.fps else (FPS[1] / 30, FPS[0] / 30)
    least = (TRIED if may_end_early else 1.0) * fastest * work * math.exp(low)
    return math.floor(least), math.ceil(2 * BESIDE + slowest * work * math.exp(high))


def _usual_pace(options: Options) -> float:
    """Of encoding, measuring and all, by the table of codecs; with more processors it is quicker."""
    picture = known({"size": 1, "duration": 1.0, "width": 1000, "height": 1000, "fps": 1.0})
    plain = Options(recipe=options.recipe, codec=options.codec)
    once = encode_seconds(plain, picture) + measure_seconds(plain, picture) * (_method(options) is Method.QUALITY)
    return math.log(once * AGAIN[_method(options)] * MEASURED_ON / processors())


def _work(options: Options, media: MediaInfo) -> float:
    """Millions of pixels that are made, and in part those that are read."""
    return megapixels(options, media) + DECODING * megapixels(Options(), media)


def _expected(usual: float, seen: Seen) -> Range:
    """Where the next one should lie: the usual, and what was seen, each by how many jobs speak for it."""
    in_mean, in_spread = BELIEVED_AS
    count = seen.count
    mean = (in_mean * usual + seen.total) / (in_mean + count)
    off = seen.squares - 2 * mean * seen.total + count * mean**2 + in_mean * (usual - mean) ** 2
    variance = (in_spread * USUAL_SPREAD**2 + off) / (in_spread + count)
    half = WIDTH * math.sqrt(max(0.0, variance) * (1 + 1 / (in_mean + count)))
    return mean - half, mean + half


def _method(options: Options) -> Method:
    return options.the_recipe.method
