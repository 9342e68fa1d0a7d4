"""Whose turn is next: operators' word, then fairness between owners, then age."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from jobs.line import Line, Waiting

MORNING = datetime(2026, 1, 1, 8, tzinfo=UTC)
ANNA, BEN = (1, ""), (None, "ben")


def waiting(whose, minute, *, rank=0, turns=1, is_queued=True) -> Waiting:
    return Waiting(rank, minute, uuid.uuid4().hex, whose, is_queued, turns)


def order(line: Line) -> list[Waiting]:
    return list(line.turns())


def test_one_owners_jobs_go_by_age():
    first, second, third = (waiting(ANNA, minute) for minute in (1, 2, 3))
    assert order(Line((third, first, second))) == [first, second, third]


def test_owners_take_turns_however_many_jobs_one_has():
    annas = [waiting(ANNA, minute) for minute in range(100)]
    bens = waiting(BEN, 200)
    assert order(Line((*annas, bens))).index(bens) == 1


def test_who_has_less_work_running_goes_first():
    annas, bens = waiting(ANNA, 1), waiting(BEN, 2)
    assert order(Line((annas, bens), busy=Counter({ANNA: 1}))) == [bens, annas]


def test_a_clip_goes_before_the_next_piece_of_somebody_elses_film():
    """One worker: when the film's piece ends nothing runs, but its owner has just had a turn."""
    film = waiting(ANNA, 1, turns=120, is_queued=False)
    clips = [waiting(BEN, 30 + number) for number in range(50)]
    line = Line((film, *clips), last_turns={ANNA: MORNING + timedelta(minutes=40)})
    assert order(line)[:4] == [clips[0], film, clips[1], film]


def test_the_pieces_of_a_film_go_before_a_later_job_of_the_same_owner():
    film, clip = waiting(ANNA, 1, turns=3, is_queued=False), waiting(ANNA, 2)
    assert order(Line((film, clip))) == [film, film, film, clip]


def test_what_operators_put_first_goes_before_all_fairness():
    usual, urgent, unhurried = waiting(BEN, 1), waiting(ANNA, 9, rank=-1), waiting(BEN, 0, rank=1)
    line = Line((usual, urgent, unhurried), busy=Counter({ANNA: 5}))
    assert order(line) == [urgent, usual, unhurried]


def test_places_count_jobs_and_not_pieces():
    film, clip, later = waiting(ANNA, 1, turns=9, is_queued=False), waiting(BEN, 2), waiting(ANNA, 3)
    assert Line((film, clip, later)).places({clip.job_id, later.job_id}) == {clip.job_id: 1, later.job_id: 2}
