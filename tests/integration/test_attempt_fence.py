"""A worker that was given up can change nothing, and is told to stop."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.utils import timezone

from jobs import errors, lifecycle
from jobs.models import Job
from jobs.states import State
from jobs.storage import storage
from tests.builders import has_source, home_of, make_job, outcome_at, result_of

pytestmark = pytest.mark.django_db


class Progress(SimpleNamespace):
    def as_dict(self):
        return {"phase": "encode", "fraction": self.fraction}


def complete(job, outcome):
    return lifecycle.complete(job, outcome, lifecycle.publish(job, outcome))


def test_the_story_of_a_worker_whose_job_was_given_to_another(settings):
    # A worker takes the job and falls silent: its machine swaps, or its network is gone.
    job = make_job(with_source=True)
    stale = lifecycle.start(job.id, 1, worker="stale")
    silent_since = timezone.now() - timedelta(seconds=settings.JOB_LEASE + 1)
    Job.objects.update(heartbeat_at=silent_since, suspected_at=silent_since)

    # The sweep gives the job to the next, who begins.
    [lost] = Job.objects.lost()
    assert lifecycle.rescue(lost).attempt == 2
    fresh = lifecycle.start(job.id, 2, worker="fresh")
    assert fresh.state == State.RUNNING

    # The first one wakes up. Whatever it says is not heard, and it learns that it must stop.
    assert lifecycle.report(stale, Progress(fraction=0.9)) is False
    assert lifecycle.fail(stale, errors.EncodeFailed()) is None
    assert lifecycle.hand_back(stale) is None
    with storage.scratch(job.id, 1) as workdir:
        assert complete(stale, outcome_at(workdir / "out")) is None
    assert not result_of(job, 1).exists()

    # The second one is undisturbed, and completes.
    assert lifecycle.report(fresh, Progress(fraction=0.2)) is True
    with storage.scratch(job.id, 2) as workdir:
        assert complete(fresh, outcome_at(workdir / "out")).state == State.COMPLETED
    assert result_of(job, 2).read_bytes() == b"small"
    assert Job.objects.get().worker == "fresh"


def test_an_attempt_clears_away_what_those_before_it_left_and_nothing_of_a_later_one():
    home = home_of(make_job(with_source=True))
    job_id = UUID(home.name)
    for name in ("attempt-1", "staging-result-1", "result-1", "attempt-3"):
        (home / name).mkdir()
    with storage.scratch(job_id, 2):
        assert {path.name for path in home.iterdir()} == {"source", "attempt-2", "attempt-3"}


def test_only_one_of_two_workers_takes_the_lease():
    job = make_job()
    assert lifecycle.start(job.id, 1, worker="first")
    assert lifecycle.start(job.id, 1, worker="second") is None


def test_a_worker_that_was_not_told_that_it_took_the_lease_finds_that_it_has_it():
    job, began = make_job(), timezone.now()
    lifecycle.start(job.id, 1, "w", began)
    assert lifecycle.start(job.id, 1, "w", began).pk == job.pk
    assert lifecycle.start(job.id, 1, "w", began + timedelta(seconds=1)) is None
    lifecycle.cancel(job)
    assert lifecycle.start(job.id, 1, "w", began) is None


def test_a_sign_of_life_in_the_last_moment_keeps_the_job(settings):
    silent_since = timezone.now() - timedelta(seconds=settings.JOB_LEASE + 1)
    job = make_job(State.RUNNING, heartbeat_at=silent_since, suspected_at=silent_since)
    [lost] = Job.objects.lost()
    assert lifecycle.report(job, Progress(fraction=0.5))
    assert lifecycle.rescue(lost) is None


def test_a_job_that_takes_its_workers_down_is_given_up(settings):
    job = make_job(State.RUNNING, losses=settings.MAX_LOSSES - 1, suspected_at=timezone.now())
    assert lifecycle.rescue(job).state == State.FAILED
    assert Job.objects.get().error_code == "worker_lost"


def test_canceling_stops_the_worker_at_its_next_report():
    job = make_job(with_source=True)
    running = lifecycle.start(job.id, 1, worker="w")
    assert lifecycle.cancel(job)
    assert lifecycle.report(running, Progress(fraction=0.1)) is False
    assert not has_source(job)


def test_a_worker_that_ends_hands_its_job_back_without_blame():
    job = make_job()
    running = lifecycle.start(job.id, 1, worker="w")
    handed_back = lifecycle.hand_back(running)
    assert (handed_back.state, handed_back.attempt, handed_back.losses) == (State.QUEUED, 2, 0)
