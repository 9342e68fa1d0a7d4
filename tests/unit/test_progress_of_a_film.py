"""The progress of a film in pieces: one honest fraction over all of its pieces and workers."""

from jobs.pace import Made, Prepared, cells, heading_for, overall, share_done
from jobs.states import PieceState

DONE, RUNNING, WAITING = PieceState.DONE, PieceState.RUNNING, PieceState.WAITING


def done(seconds=60.0, took=30.0) -> Made:
    return Made(DONE, seconds, 1.0, took)


def running(fraction, took=15.0) -> Made:
    return Made(RUNNING, 60.0, fraction, took)


def waiting() -> Made:
    return Made(WAITING, 60.0, 0.0, 0.0)


def test_pieces_weigh_what_they_hold_of_the_film():
    assert (
        overall([done(90), Made(WAITING, 30, 0, 0)], Prepared(), {})["fraction"] == 0.735
    )  # 0.98 of it is left for pieces


def test_what_preparing_took_is_counted_before_the_pieces():
    told = overall([waiting(), waiting()], Prepared(0.2), {})
    assert (told["fraction"], told["eta_seconds"]) == (0.2, None)


def test_the_time_left_is_shared_by_those_who_are_at_it():
    alone = overall([done(), running(0.5), waiting()], Prepared(), {})
    together = overall([done(), running(0.5), running(0.5)], Prepared(), {})
    assert alone["eta_seconds"] == 45.0  # a minute and a half of film, at half a second for each second
    assert together["eta_seconds"] == 15.0


def test_a_lost_worker_does_not_make_the_fraction_fall():
    before = overall([done(), running(0.9), waiting()], Prepared(), {})
    after = overall([done(), waiting(), waiting()], Prepared(), before)
    assert after["fraction"] == before["fraction"]


def test_what_was_kept_is_told_until_the_end():
    told = overall([done(), waiting()], Prepared(), {"pieces": {"kept": 0.5}})
    assert told["pieces"] == {"done": 1, "total": 2, "kept": 0.5, "cells": [1.0, 0.0]}
    assert share_done([done(), waiting()]) == 0.5


def test_a_long_film_has_no_more_than_sixty_cells():
    pieces = [done() for _ in range(300)] + [waiting() for _ in range(300)]
    assert cells(pieces) == [1.0] * 30 + [0.0] * 30
    assert len(cells(pieces[:61])) == 60


def test_the_size_that_a_film_is_heading_for_is_corrected_as_pieces_finish():
    prepared = Prepared(0.1, bytes=40_000_000.0, beside=4_000_000.0)
    assert heading_for([waiting()] * 4, prepared) == 40_000_000
    larger = Made(DONE, 60.0, 1.0, 30.0, 18_000_000)  # twice as much as expected
    first = heading_for([larger, *[waiting()] * 3], prepared)
    later = heading_for([*[larger] * 3, waiting()], prepared)
    assert 40_000_000 < first < later < 76_000_000
    assert heading_for([larger] * 4, prepared) == 76_000_000


def test_without_samples_the_first_piece_tells_the_size():
    assert heading_for([waiting()] * 4, Prepared()) is None
    assert heading_for([Made(DONE, 60.0, 1.0, 30.0, 5_000_000), *[waiting()] * 3], Prepared()) == 20_000_000
