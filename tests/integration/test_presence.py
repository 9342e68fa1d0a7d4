"""A worker that was killed is missed at once where its machine can tell, and no other one is."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone

from jobs import errors, lifecycle, presence
from jobs.models import Piece
from jobs.states import PieceState, State
from jobs.sweep import sweep
from tests.builders import completed_job, film_in_pieces, has_source, home_of, make_job, result_of
from tests.integration.test_pieces import piece, take

pytestmark = pytest.mark.django_db
WORKER = """
import time, django
django.setup()
from jobs import presence
with presence.present():
    print(presence.my_name(), flush=True)
    time.sleep(60)
"""


@contextmanager
def worker(settings):
    """A process that is present as a worker is, and its name."""
    environment = {**os.environ, "DATA_DIR": str(settings.DATA_DIR), "DJANGO_SETTINGS_MODULE": "compressor.settings"}
    command = [sys.executable, "-c", WORKER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def presences(settings):
    return list((Path(settings.DATA_DIR) / "workers").glob("*"))


def test_what_a_killed_worker_held_is_taken_from_it_at_once(settings):
    with worker(settings) as (process, name):
        job = make_job(State.RUNNING, worker=name)
        held = take(piece(film_in_pieces(1), 0), name)
        assert sweep()["rescue"] == 0
        process.kill()
        process.wait()
        assert sweep()["rescue"] == 2
    job.refresh_from_db()
    assert (job.state, job.attempt, job.losses) == (State.QUEUED, 2, 1)
    assert Piece.objects.get(pk=held.pk).state == PieceState.WAITING
    assert presences(settings) == []


def left_behind(job):
    """By a worker that was killed after its last word to the row."""
    for name in ("attempt-1", "piece-0-1", "making-1-1", "staging-result-1"):
        (home_of(job) / name).mkdir(parents=True)
        (home_of(job) / name / "file").touch()


def test_what_a_killed_worker_left_of_a_job_that_ended_goes_and_nothing_else(settings):
    with worker(settings) as (process, name):
        done = completed_job(worker=name, with_source=True, finished_at=timezone.now())
        failed = make_job(State.FAILED, worker=name, with_source=True, finished_at=timezone.now())
        another = completed_job(worker="elsewhere:1", finished_at=timezone.now())
        for job in (done, failed, another):
            left_behind(job)
        process.kill()
        process.wait()
        sweep()
    assert result_of(done).exists()
    assert has_source(done)
    assert {path.name for path in home_of(done).glob("*-*")} == {result_of(done).parent.name}
    assert has_source(failed)
    assert {path.name for path in home_of(failed).glob("*-*")} == {"piece-0-1", "making-1-1"}  # for a retry
    assert (home_of(another) / "attempt-1").exists()


def test_of_a_film_that_failed_the_pieces_that_are_made_wait_for_a_retry_and_no_scratch_space_does(settings):
    with worker(settings) as (process, name):
        film = film_in_pieces(2)
        held = take(piece(film, 0), name)
        lifecycle.fail(film, errors.EncodeFailed())
        for path in (f"making-0-{held.attempt}", "piece-1-1"):
            (home_of(film) / path).mkdir(parents=True)
        process.kill()
        process.wait()
        sweep()
    assert {path.name for path in home_of(film).glob("*-*")} == {"piece-1-1"}


def test_one_that_stands_still_has_its_lease(settings):
    with worker(settings) as (process, name):
        make_job(State.RUNNING, worker=name)
        process.send_signal(signal.SIGSTOP)
        assert sweep()["rescue"] == 0


def test_one_of_another_machine_has_its_lease():
    make_job(State.RUNNING, worker="elsewhere:1")
    assert sweep()["rescue"] == 0


def test_nothing_remains_of_one_that_ends(settings):
    with presence.present():
        assert [path.name for path in presences(settings)] == [presence.my_name()]
    assert presences(settings) == []


def test_a_worker_works_where_it_cannot_show_that_it_is_present(settings, tmp_path, caplog):
    (tmp_path / "workers").write_text("in the way")
    settings.DATA_DIR = tmp_path
    with presence.present():
        assert "its lease will tell" in caplog.text


def test_two_of_one_name_do_not_wait_for_each_other(settings, caplog):
    """In containers whose hosts are called alike."""
    with presence.present(), presence.present():
        assert "another worker" in caplog.text


def test_one_that_begins_while_its_name_is_cleared_away_is_present_all_the_same(settings):
    """Its process number was that of a worker that was killed before."""
    with worker(settings) as (process, name):
        process.kill()
    with presence.those_gone() as gone:
        assert gone == {name}
    for _ in range(2):
        with presence.present(), presence.those_gone() as gone:
            assert gone == set()
