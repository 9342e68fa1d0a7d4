"""How many pictures are lost where bytes of a file make no sense."""

from jobs.inspection.holes import missing

EVERY = [number / 25 for number in range(100)]


def without(first, last):
    return EVERY[:first] + EVERY[last:]


def test_as_many_as_fill_the_time():
    assert missing(without(40, 50), [(EVERY[39], EVERY[50], True)], [0.0], fit=1000) == 10


def test_no_more_than_fit_into_the_bytes():
    assert missing(without(40, 50), [(EVERY[39], EVERY[50], True)], [0.0], fit=3) == 3


def test_a_picture_that_is_held_elsewhere_is_none():
    assert missing(without(40, 50), [(EVERY[80], EVERY[81], True)], [0.0], fit=1000) == 0


def test_where_counters_jump_and_a_key_frame_follows_recordings_were_joined():
    hole = (EVERY[39], EVERY[50], False)
    assert missing(without(40, 50), [hole], [0.0], fit=0) == 10
    assert missing(without(40, 50), [hole], [0.0, EVERY[52]], fit=0) == 0


def test_holes_that_lie_close_together_count_once():
    holes = [(EVERY[39], EVERY[50], True), (EVERY[38], EVERY[51], True)]
    assert missing(without(40, 50), holes, [0.0], fit=1000) == 10


def test_pictures_of_one_time_leave_no_time_open():
    assert missing([0.0] * 20 + [1.0], [(0.0, 1.0, True)], [], fit=1000) == 0
