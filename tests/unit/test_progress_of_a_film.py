"""The progress of a film in pieces: one honest fraction over all of its pieces and workers."""

from jobs.pace import Made, cells, overall, share_done
from jobs.states import PieceState

DONE, RUNNING, WAITING = PieceState.DONE, PieceState.RUNNING, PieceState.WAITING


def done(seconds=60.0, took=30.0) -> Made:
    return Made(DONE, seconds, 1.0, took)


def running(fraction, took=15.0) -> Made:
    return Made(RUNNING, 60.0, fraction, took)


def waiting() -> Made:
    return Made(WAITING, 60.0, 0.0, 0.0)


def test_pieces_weigh_what_they_hold_of_the_film():
    assert overall([done(90), Made(WAITING, 30, 0, 0)], 0.0, {})["fraction"] == 0.735  # 0.98 of it is left for pieces


def test_what_preparing_took_is_counted_before_the_pieces():
    told = overall([waiting(), waiting()], 0.2, {})
    assert (told["fraction"], told["eta_seconds"]) == (0.2, None)


def test_the_time_left_is_shared_by_those_who_are_at_it():
    alone = overall([done(), running(0.5), waiting()], 0.0, {})
    together = overall([done(), running(0.5), running(0.5)], 0.0, {})
    assert alone["eta_seconds"] == 45.0  # a minute and a half of film, at half a second for each second
    assert together["eta_seconds"] == 15.0


def test_a_lost_worker_does_not_make_the_fraction_fall():
    before = overall([done(), running(0.9), waiting()], 0.0, {})
    after = overall([done(), waiting(), waiting()], 0.0, before)
    assert after["fraction"] == before["fraction"]


def test_what_was_kept_is_told_until_the_end():
    told = overall([done(), waiting()], 0.0, {"pieces": {"kept": 0.5}})
    assert told["pieces"] == {"done": 1, "total": 2, "kept": 0.5, "cells": [1.0, 0.0]}
    assert share_done([done(), waiting()]) == 0.5


def test_a_long_film_has_no_more_than_sixty_cells():
    pieces = [done() for _ in range(300)] + [waiting() for _ in range(300)]
    assert cells(pieces) == [1.0] * 30 + [0.0] * 30
    assert len(cells(pieces[:61])) == 60
