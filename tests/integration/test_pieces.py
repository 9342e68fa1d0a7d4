"""A film in pieces: who may take which, what is kept when a worker is lost, and how it ends."""

import pytest
from django.utils import timezone

from jobs import attempt, encoding, errors, lifecycle
from jobs.encoding import PieceMade, Progress
from jobs.line import read_line
from jobs.models import Job, Piece
from jobs.states import PieceState, State
from jobs.sweep import sweep
from tests.builders import film_in_pieces, make_job, make_plan

pytestmark = pytest.mark.django_db


def take(piece: Piece, worker="w") -> Piece | None:
    return lifecycle.start_piece(piece, worker, timezone.now())


def finish(piece: Piece) -> Job | None:
    made = PieceMade(files={}, frames=50, bytes=1000, seconds=2.0, crf=25.0, vmaf=95.0, facts={})
    return lifecycle.finish_piece(piece, made, took=1.0)


def piece(job: Job, number: int) -> Piece:
    return Piece.objects.select_related("job").get(job=job, number=number)


def fall_silent(piece: Piece) -> None:
    Piece.objects.filter(pk=piece.pk).update(
        heartbeat_at=timezone.now() - timezone.timedelta(hours=1),
        suspected_at=timezone.now() - timezone.timedelta(minutes=1),
    )


def test_a_piece_is_taken_by_one_worker_only():
    job = film_in_pieces(3)
    first = piece(job, 0)
    assert take(first, "a")
    assert take(first, "b") is None


def test_pieces_of_a_film_are_made_by_several_workers_at_once():
    job = film_in_pieces(3)
    taken = [take(piece(job, number), f"w{number}") for number in range(3)]
    assert all(lifecycle.report_piece(each, Progress("encode", 0.5)) for each in taken)
    job.refresh_from_db()
    assert job.progress["pieces"] == {"done": 0, "total": 3, "kept": 0.0, "cells": [0.5, 0.5, 0.5]}


def test_a_worker_that_was_given_up_can_change_nothing():
    job = film_in_pieces(2)
    lost = take(piece(job, 0), "lost")
    fall_silent(lost)
    assert sweep()["rescue"] == 1
    assert lifecycle.report_piece(lost, Progress("encode", 0.9)) is False
    assert finish(lost) is None
    assert piece(job, 0).state == PieceState.WAITING


def test_a_lost_worker_costs_its_piece_and_not_the_job():
    job = film_in_pieces(2)
    finish(take(piece(job, 0)))
    fall_silent(take(piece(job, 1)))
    sweep()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.losses) == (State.RUNNING, 1, 0)
    assert job.progress["pieces"]["kept"] == 0.5
    assert [each.state for each in job.pieces.order_by("number")] == [PieceState.DONE, PieceState.WAITING]


def lose(job: Job, number: int) -> None:
    fall_silent(take(piece(job, number)))
    sweep()


def test_a_piece_that_is_lost_again_goes_on_in_halves():
    """It takes longer than workers live here, or more memory than they have; so would the others that are as long."""
    job = film_in_pieces(3)
    held = take(piece(job, 2), "another")
    lose(job, 0)
    lose(job, 0)
    rows = job.pieces.values_list("number", "start", "seconds", "state")
    assert list(rows) == [
        (0, 0.0, 1.0, "waiting"),
        (3, 1.0, 1.0, "waiting"),
        (1, 2.0, 1.0, "waiting"),
        (4, 3.0, 1.0, "waiting"),
        (2, 4.0, 2.0, "running"),
    ]
    assert [row.stretch.frames for row in job.pieces.all()] == [25, 25, 25, 25, 50]
    job.refresh_from_db()
    assert job.progress["pieces"]["total"] == 5
    for number in (0, 3, 1, 4):
        finish(take(piece(job, number)))
    finish(held)
    assert lifecycle.start_assembly(job, "a")


def test_whoever_had_the_whole_of_it_can_not_finish_half():
    job = film_in_pieces(1)
    lose(job, 0)
    stale = take(piece(job, 0))
    fall_silent(stale)
    sweep()
    assert finish(stale) is None
    assert [row.state for row in job.pieces.all()] == ["waiting", "waiting"]


def test_what_cannot_be_cut_any_finer_and_costs_one_worker_after_the_other_ends_the_job():
    job = film_in_pieces(2)
    for pieces in (2, 4, 8, 8, 8):  # in two seconds there are three key frames
        lose(job, 0)
        assert job.pieces.count() == pieces
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "worker_lost")


def test_workers_that_are_killed_again_and_again_do_not_end_a_film_that_moves_on():
    job = film_in_pieces(6)
    for number in range(1, 6):
        fall_silent(take(piece(job, 0)))
        finish(take(piece(job, number)))
        sweep()
    assert (piece(job, 0).state, piece(job, 0).losses, piece(job, 0).seconds) == (PieceState.WAITING, 1, 1.0)


def test_a_piece_that_fails_where_others_as_long_were_made_is_halved_before_its_job_is_given_up():
    job = film_in_pieces(2)
    finish(take(piece(job, 1)))
    for pieces in (2, 3, 3, 4):
        lose(job, 0)
        assert job.pieces.count() == pieces


def test_a_job_in_pieces_is_not_taken_for_one_whose_worker_is_lost():
    job = film_in_pieces(2)
    Job.objects.update(heartbeat_at=timezone.now() - timezone.timedelta(hours=1))
    assert (sweep()["suspect"], sweep()["rescue"]) == (0, 0)
    job.refresh_from_db()
    assert job.state == State.RUNNING


def test_a_piece_of_a_canceled_job_is_told_to_stop():
    job = film_in_pieces(2)
    running = take(piece(job, 0))
    lifecycle.cancel(job)
    assert lifecycle.report_piece(running, Progress("encode", 0.5)) is False
    assert take(piece(job, 1)) is None
    assert list(read_line().turns()) == []


def test_the_pieces_are_joined_by_one_worker_once_all_are_there():
    job = film_in_pieces(2)
    finish(take(piece(job, 0)))
    assert lifecycle.start_assembly(job, "a") is None
    finish(take(piece(job, 1)))
    assert lifecycle.start_assembly(job, "a")
    assert lifecycle.start_assembly(job, "b") is None


@pytest.mark.parametrize(("losses", "is_hurried"), [(0, False), (1, False), (2, True)])
def test_a_film_is_cut_without_a_search_before_preparing_it_costs_too_many_workers(losses, is_hurried, monkeypatch):
    prepared = []

    def prepare(args, *_):
        prepared.append(args.is_hurried)
        raise errors.EncodeFailed(log="")

    monkeypatch.setattr(encoding, "inspect", lambda *_: make_plan(1).media)
    monkeypatch.setattr(encoding, "prepare", prepare)
    job = make_job(with_source=True, losses=losses)
    attempt.compress(lifecycle.start(job.id, job.attempt, "w"))
    assert prepared == [is_hurried]


def test_losses_of_its_pieces_count_anew():
    assert film_in_pieces(1, losses=2).losses == 0


def test_an_assembly_that_costs_one_worker_after_the_other_ends_the_job():
    job = film_in_pieces(1)
    finish(take(piece(job, 0)))
    for losses in (1, 2, 3):
        lifecycle.start_assembly(job, "w")
        hour = timezone.now() - timezone.timedelta(hours=1)
        Job.objects.update(heartbeat_at=hour, suspected_at=hour)
        sweep()
        job.refresh_from_db()
        if losses < 3:
            job = lifecycle.cut(lifecycle.start(job.id, job.attempt, "w"), film_plan(job))
    assert (job.state, job.error_code) == (State.FAILED, "worker_lost")


def test_where_nobody_joins_them_the_next_turn_does():
    """The worker that finished the last piece was killed before it could."""
    job = film_in_pieces(1)
    finish(take(piece(job, 0)))
    (turn,) = read_line().turns()
    assert turn.job_id == job.id


def test_a_retry_keeps_the_good_pieces():
    job = film_in_pieces(3, with_source=True)
    finish(take(piece(job, 1)))
    running = take(piece(job, 0))
    lifecycle.fail(job, errors.InternalFailure())
    assert lifecycle.report_piece(running, None) is False
    retried = lifecycle.retry(Job.objects.get())
    started = lifecycle.start(job.id, retried.attempt, "w")
    cut = lifecycle.cut(started, film_plan(job))
    assert [(each.state, each.attempt) for each in job.pieces.order_by("number")] == [
        (PieceState.WAITING, 2),
        (PieceState.DONE, 1),
        (PieceState.WAITING, 2),
    ]
    assert cut.progress["pieces"]["kept"] == pytest.approx(1 / 3, abs=0.01)


def film_plan(job: Job):
    from jobs.attempt import read_plan

    return read_plan(job)


def test_pieces_that_do_not_fit_leave_a_job_that_is_compressed_whole():
    job = film_in_pieces(2)
    running = take(piece(job, 0))
    whole = lifecycle.make_whole(job, "its frames do not add up")
    assert (whole.state, whole.attempt) == (State.QUEUED, 2)
    assert not Piece.objects.exists()
    assert lifecycle.report_piece(running, None) is False
    whole.refresh_from_db()
    assert whole.plan == {"whole": "its frames do not add up"}


def test_a_piece_that_ended_while_the_database_went_away_is_found_to_be_ours():
    """It was committed, but nobody said so: when it is tried again, the row tells."""
    job = film_in_pieces(2)
    taken = take(piece(job, 0))
    assert finish(taken)
    assert finish(taken)


def test_a_film_and_the_clips_of_somebody_else_take_turns():
    film = film_in_pieces(5)
    finish(take(piece(film, 0)))
    clips = [make_job(visitor="somebody-else") for _ in range(3)]
    order = [turn.job_id for turn in read_line().turns()]
    assert order[:3] == [clips[0].id, film.id, clips[1].id]


def test_the_bar_does_not_fall_while_the_pieces_are_joined_and_checked():
    """Where nobody knows how far the checking is, the film is as far as it was."""
    going_on = attempt.GoingOn({"fraction": 0.98, "pieces": {"kept": 0.5}})
    told = [going_on(Progress("verify", fraction)) for fraction in (0.0, 0.4, None, 0.2, 0.9)]
    assert [each.fraction for each in told] == [0.98, 0.988, 0.988, 0.988, 0.998]
    assert {each.pieces["kept"] for each in told} == {0.5}


def test_what_preparing_took_is_remembered_in_the_plan():
    job = film_in_pieces(2, progress={"fraction": 0.2})
    finish(take(piece(job, 0)))
    job.refresh_from_db()
    assert job.progress["fraction"] == pytest.approx(0.2 + 0.78 / 2)
