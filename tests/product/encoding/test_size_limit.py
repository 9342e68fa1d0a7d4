"""The method `size`: never over the limit, and hardly ever far below it."""

import math
from dataclasses import replace

import pytest

from jobs import encoding, errors
from jobs.encoding.methods.size import plan_budget, smallest_limit
from tests.media import beside


@pytest.mark.parametrize(
    ("clip", "share"),
    [("street.mp4", 0.5), ("cartoon.mp4", 0.5), ("film.mp4", 0.2), ("full-range.mkv", 0.4), ("short.mp4", 0.5)]
    + [(clip, 0.3) for clip in beside("world.mp4", "movie-hello.avi")],
)
def test_the_result_fills_the_limit_and_never_exceeds_it(media, compress, clip, share):
    source = media / clip
    limit = math.floor(source.stat().st_size * share)
    encoded = compress(source, recipe="limit", limit_bytes=limit)
    assert 0.92 * limit <= encoded.outcome.path.stat().st_size <= limit


def test_a_tight_limit_gets_fewer_pixels_rather_than_blocks(media, compress):
    encoded = compress(media / "film.mp4", recipe="limit", limit_bytes=200_000)
    assert encoded.outcome.path.stat().st_size <= 200_000
    assert encoded.result.height < encoded.media.height
    assert encoded.result.duration == pytest.approx(encoded.media.duration, abs=0.1)


def test_a_source_below_the_limit_is_handed_back_as_it_is(media, compress):
    encoded = compress(media / "street.mp4", recipe="limit", limit_bytes=10_000_000)
    assert encoded.outcome.outcome == "already_small"
    assert encoded.outcome.path == media / "street.mp4"


def test_a_limit_that_no_picture_fits_into_fails_with_the_smallest_that_can_be_kept(media, compress):
    with pytest.raises(errors.LimitTooSmall) as refused:
        compress(media / "film.mp4", recipe="limit", limit_bytes=30_000)
    smallest = refused.value.members["smallest_bytes"]
    assert 30_000 < smallest < 200_000
    encoded = compress(media / "film.mp4", recipe="limit", limit_bytes=smallest)
    assert encoded.outcome.path.stat().st_size <= smallest


@pytest.mark.parametrize("clip", ["street.mp4", "film.mp4", "cartoon.mp4", "long.avi"])
@pytest.mark.parametrize("duration", [0.5, 10, 600, 7200])
def test_the_smallest_limit_is_exactly_where_budgets_begin(media, clip, duration):
    found = replace(encoding.inspect(media / clip), duration=float(duration))
    options = encoding.parse_options({"recipe": "limit", "limit_bytes": 1_000})
    smallest = smallest_limit(options, found)
    assert plan_budget(options, found, smallest).video_bps > 0
    with pytest.raises(errors.LimitTooSmall):
        plan_budget(options, found, smallest - 50)
