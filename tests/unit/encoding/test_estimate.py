"""What is said of a job before it begins: wide where little is known, nearer with every job, and never a promise."""

import math

import pytest

from jobs.encoding import Learned, Seen, parse_options
from jobs.encoding.estimate import density_of, estimate, kind_of, known, pace_of

MINUTE = {"size": 120_000_000, "duration": 60.0, "width": 1920, "height": 1080, "fps": 30.0, "video_codec": "h264"}
BALANCED = parse_options({})


def said(learned=Learned(), options=BALANCED, **changes):  # noqa: B008  (frozen)
    return estimate(options, known({**MINUTE, **changes}), learned)


def seen(*values):
    return Seen(len(values), sum(values), sum(value**2 for value in values))


def width(bounds):
    return bounds[1] / bounds[0]


def taught(result_bytes, seconds, times=1, options=BALANCED):
    """By so many jobs of the video above that came out alike."""
    media = known(MINUTE)
    density, pace = density_of(options, media, result_bytes), pace_of(options, media, seconds)
    return Learned(seen(*[density] * times), seen(*[pace] * times))


def test_a_new_server_promises_little():
    first = said()
    assert first.from_jobs == 0
    assert width(first.bytes) > 3
    assert width(first.seconds) > 3
    assert first.bytes[1] <= MINUTE["size"]


def test_what_was_seen_lies_within_and_the_range_narrows_with_each_job():
    few, many = (said(taught(40_000_000, 90, times)) for times in (3, 30))
    for each in (few, many):
        assert each.bytes[0] < 40_000_000 < each.bytes[1]
        assert each.seconds[0] < 90 < each.seconds[1]
    assert width(said().bytes) > width(few.bytes) > width(many.bytes)
    assert (few.from_jobs, many.from_jobs) == (3, 30)


def test_jobs_that_came_out_unlike_keep_the_range_wide():
    alike, unlike = seen(*[-0.1] * 20), seen(*[-0.9, 0.7] * 10)
    assert width(said(Learned(unlike)).bytes) > 2 * width(said(Learned(alike)).bytes)


def test_twice_as_long_is_twice_as_much():
    learned = taught(40_000_000, 90, 20)
    one, two = said(learned), said(learned, duration=120.0, size=240_000_000)
    assert two.bytes[1] == pytest.approx(2 * one.bytes[1], rel=0.01)
    assert two.seconds[1] == pytest.approx(2 * one.seconds[1], rel=0.1)


def test_what_is_probably_small_already_is_told():
    assert said(size=3_000_000).is_probably_small
    assert said(size=3_000_000).bytes[1] == 3_000_000
    assert not said().is_probably_small


def test_a_limit_is_about_what_comes_of_it():
    options = parse_options({"recipe": "limit", "limit_bytes": 10_000_000})
    low, high = said(options=options).bytes
    assert 9_000_000 < low < high == 10_000_000
    assert said(options=options, size=9_000_000).is_probably_small
    assert said(options=options, duration=100_000.0).reason == "limit_too_small"


def test_fewer_pixels_and_a_lower_quality_are_fewer_bytes():
    for fields in ({"max_height": 720}, {"quality": 85}, {"codec": "av1"}):
        assert math.prod(said(options=parse_options(fields)).bytes) < math.prod(said().bytes), fields


def test_of_a_part_is_told_what_its_share_of_the_bytes_tells():
    half, whole = said(options=parse_options({"start": 10, "end": 40})), said()
    assert half.bytes[0] == pytest.approx(whole.bytes[0] / 2, rel=0.01)
    assert said(options=parse_options({"start": 70})).reason == "no_such_part"


@pytest.mark.parametrize(("unknown", "reason"), [("duration", "no_duration"), ("width", "no_picture")])
def test_nothing_is_said_of_what_cannot_be_known(unknown, reason):
    answer = said(**{unknown: None})
    assert (answer.bytes, answer.seconds, answer.reason) == (None, None, reason)


def test_a_rate_that_nobody_named_widens_the_time():
    assert said(fps=None).seconds[1] > said().seconds[1]
    assert said(fps=None).seconds[0] < said().seconds[0]


def test_kinds_are_few():
    assert kind_of(BALANCED, known(MINUTE)) == kind_of(BALANCED, known({**MINUTE, "width": 1280, "height": 720}))
    assert kind_of(BALANCED, known(MINUTE)) != kind_of(BALANCED, known({**MINUTE, "width": 3840, "height": 2160}))
    assert kind_of(BALANCED, known(MINUTE)) != kind_of(parse_options({"codec": "hevc"}), known(MINUTE))
