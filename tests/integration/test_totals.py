"""Totals over what is kept are counted now and then; what a person or an operator looks at is not behind."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import totals
from jobs.models import Job, Owner
from jobs.states import State
from tests.builders import completed_job, make_job

pytestmark = pytest.mark.django_db
ANN = Owner(visitor="ann")


def saved() -> int:
    return totals.saved_bytes(ANN, Job.objects.owned_by(ANN).kept())


def test_what_waits_and_runs_is_counted_each_time():
    make_job()
    assert totals.jobs_by_state() == {State.QUEUED: 1}
    make_job(State.RUNNING)
    assert totals.jobs_by_state() == {State.QUEUED: 1, State.RUNNING: 1}


def test_what_ended_is_counted_once_a_minute():
    make_job(State.FAILED)
    assert totals.jobs_by_state() == {State.FAILED: 1}
    make_job(State.FAILED)
    assert totals.jobs_by_state() == {State.FAILED: 1}
    caches["totals"].clear()  # the minute is over
    assert totals.jobs_by_state() == {State.FAILED: 2}


def test_the_same_page_again_adds_nothing_up():
    completed_job(visitor="ann")
    first = saved()
    with CaptureQueriesContext(connection) as asked:
        assert saved() == first > 0
    assert not any("SUM(" in query["sql"] for query in asked)


def test_a_job_that_the_page_shows_as_done_is_added_up():
    completed_job(visitor="ann")
    one = saved()
    completed_job(visitor="ann", finished_at=timezone.now())
    assert saved() == 2 * one


def test_owners_have_totals_of_their_own():
    completed_job(visitor="ann")
    assert totals.saved_bytes(Owner(visitor="ben"), []) == 0
    assert saved() > 0


def test_the_metrics_read_them(client):
    make_job(State.CANCELED)
    assert b'compressor_jobs{state="canceled"} 1' in client.get("/metrics").content
