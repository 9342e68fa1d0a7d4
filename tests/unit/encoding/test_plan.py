"""A plan travels as JSON, and stays small however long the film is."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from jobs.encoding import Options, Plan
from jobs.encoding.cuts import Stretch, halves, is_long_enough, stretches, why_whole
from jobs.encoding.media import Cut, MediaInfo
from jobs.encoding.methods.search import Trial
from jobs.encoding.streams import Chapter, Sound

HOURS = 10
FILM = MediaInfo(
    container="matroska,webm",
    size=40 * 10**9,
    duration=HOURS * 3600.0,
    width=1920,
    height=1080,
    rotation=0,
    fps=25.0,
    frames=HOURS * 90_000,
    video_codec="h264",
    pixel_format="yuv420p",
    key_frames=(3600.0, 18000.0),
    cuts=tuple(Cut(18.0 * n - 0.02, 18.0 * n, 450 * n, 450 * n * 9.0 * n, 18.0 * n - 2) for n in range(1, 2000)),
    times=HOURS * 90_000 * HOURS * 1800.0,
    sounds=(Sound(1, "aac", 2),),
    chapters=(Chapter(0.0, 10.0, "one"),),
)


def plan():
    media = replace(FILM, cuts=())
    trials = (Trial(25.5, 94.1, 10**9),)
    return Plan(Options(), Options(codec="h264"), media, stretches(FILM, 60.0), 24.75, True, trials, 1.5, ("a note",))


def test_it_is_the_same_after_a_way_as_json():
    """All but what the pieces hold, which their rows keep."""
    assert Plan.from_dict(json.loads(json.dumps(plan().as_dict()))) == replace(plan(), stretches=())
    stored = [json.loads(json.dumps(part.as_list())) for part in plan().stretches]
    assert tuple(map(Stretch.from_list, stored)) == plan().stretches


def test_a_film_of_ten_hours_has_a_small_plan():
    assert len(plan().stretches) == 600
    assert len(json.dumps(plan().as_dict())) < 5_000


def test_stretches_leave_nothing_out():
    parts = plan().stretches
    assert (parts[0].start, parts[-1].end) == (0.0, FILM.duration)
    assert all(before.end == after.start for before, after in pairwise(parts))
    assert sum(part.frames for part in parts) == FILM.frames
    assert all(40 < part.seconds < 80 for part in parts)


def test_a_piece_can_be_halved_until_nothing_is_left_to_divide():
    whole = plan().stretches[7]
    parts, rest = [], [whole]
    while rest:
        part = rest.pop(0)
        both = halves(part)
        rest, parts = ([*both, *rest], parts) if both else (rest, [*parts, part])
    assert len(parts) == len(whole.cuts) + 1 > 2
    assert [whole.start, *(part.end for part in parts)] == [*(part.start for part in parts), whole.end]
    assert sum(part.frames for part in parts) == whole.frames
    assert sum(part.frames * part.mean for part in parts) == pytest.approx(whole.frames * whole.mean)
    assert all(part.reads_from < part.start for part in parts)


def test_where_nothing_was_tried_a_piece_begins_where_those_that_are_done_ended():
    untried = replace(plan(), trials=())
    assert untried.after([20.5, 21.0, 30.0]).crf == 21.0
    assert untried.after([]).crf == untried.crf
    assert plan().after([20.5]).crf == plan().crf


def test_halves_are_long_enough_for_a_picture_at_the_rate_that_is_asked_for():
    dense = replace(FILM, cuts=tuple(Cut(n / 2, n / 2, n * 12, 1.0 * n, 0.0) for n in range(1, 72_000)))
    for max_fps, seconds in ((None, 1.0), (1, 2.0)):
        stretch = stretches(dense, 60.0, max_fps)[3]
        ends = [stretch.start, *(cut.at for cut in stretch.cuts), stretch.end]
        assert min(after - before for before, after in pairwise(ends)) == seconds


def test_each_instant_is_in_one_stretch():
    parts = plan().stretches
    for second in (-1.0, 0.0, 59.97, 60.0, 3600.0, 36_000.0, 36_001.0):
        assert sum(part.holds(second) for part in parts) == 1


def test_two_pieces_are_the_fewest():
    assert is_long_enough(replace(FILM, duration=120.0), 60.0)
    assert not is_long_enough(replace(FILM, duration=119.0), 60.0)
    assert not is_long_enough(FILM, None)


def test_what_is_not_sure_stays_whole():
    assert not why_whole(Options(), FILM)
    for change in (
        {"has_jumps": True},
        {"is_monotonic": False},
        {"is_steady": False},
        {"duration": None},
        {"container": "gif"},
        {"video_codec": "cinepak"},
        {"sounds": (Sound(1, "aac", 2, has_lost_clock=True),)},
        {"cuts": ()},
    ):
        assert why_whole(Options(), replace(FILM, **change)), change
