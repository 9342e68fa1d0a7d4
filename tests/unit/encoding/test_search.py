"""The search for a CRF: few trials, whatever the film is like."""

import math

import pytest

from jobs.encoding.codecs import CODECS
from jobs.encoding.methods.search import Goal, Trial, next_crf, search

H264 = CODECS["h264"]
GOAL = Goal(vmaf=95, tolerance=0.6, rounds=5)


def film(best: float, steepness: float, middle: float):
    """How films behave: flat where they look perfect, steep where they fall apart."""

    def attempt(crf: float) -> Trial:
        vmaf = best - best / (1 + math.exp(-steepness * (crf - middle)))
        return Trial(crf, vmaf, round(1e6 * 2 ** (-crf / 6)))

    return attempt


@pytest.mark.parametrize(
    "attempt",
    [film(100, 0.2, 40), film(100, 0.15, 45), film(98, 0.3, 38), film(99, 0.2, 32), film(97, 0.25, 50)],
    ids=["ordinary", "gentle", "steep", "grainy", "flat"],
)
def test_it_lands_within_the_tolerance_in_at_most_five_trials(attempt):
    trials = search(attempt, H264, GOAL)
    assert abs(trials[-1].vmaf - 95) <= GOAL.tolerance


def test_a_film_that_always_looks_perfect_ends_at_the_coarsest():
    trials = search(lambda crf: Trial(crf, 99.0, 1000), H264, Goal(95, 0.6, rounds=10))
    assert trials[-1].crf == H264.coarsest_crf


def test_a_film_that_never_gets_there_ends_at_the_finest():
    trials = search(lambda crf: Trial(crf, 80.0 - crf / 10, 1000), H264, Goal(95, 0.6, rounds=10))
    assert trials[-1].crf == H264.finest_crf


def test_no_crf_is_tried_twice():
    tried = []
    search(lambda crf: tried.append(crf) or Trial(crf, 90.0, 1000), H264, Goal(95, 0.1, rounds=20))
    assert len(tried) == len(set(tried))


def test_it_stops_where_going_on_is_of_no_use():
    trials = search(film(100, 0.2, 30), H264, Goal(95, 0.1, 5, stop=lambda trial: trial.bytes > 10_000))
    assert len(trials) == 1


def test_samples_say_where_the_whole_film_begins():
    samples = [Trial(20, 97.0, 0), Trial(30, 93.0, 0)]
    assert next_crf(samples, H264, 95) == 25


def test_the_slope_of_the_samples_corrects_the_whole_film():
    samples = [Trial(24, 97.0, 0), Trial(28, 93.0, 0)]
    trials = search(lambda crf: Trial(crf, 96.5 - (crf - 26), 0), H264, Goal(95, 0.3, 2), samples)
    assert [trial.crf for trial in trials] == [26, 27.5]


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_a_crf_is_always_one_that_the_encoder_knows(codec):
    for vmaf in (10.0, 94.87, 99.9):
        crf = next_crf([Trial(codec.usual_crf, vmaf, 0)], codec, 95)
        assert codec.finest_crf <= crf <= codec.coarsest_crf
        assert crf % codec.crf_step == 0
