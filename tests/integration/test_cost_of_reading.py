"""A snapshot is a function of its row: reading many jobs asks the database no more often than reading one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import schedule
from jobs.models import Job
from jobs.snapshot import snapshot
from jobs.states import State
from tests.builders import completed_job, failed_job, make_job, visitor_of

pytestmark = pytest.mark.django_db


def queries(ask) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert ask().status_code < 300
    return len(asked)


@pytest.fixture
def browser(client):
    """A browser that was here before, with 30 jobs that wait and some of every other kind."""
    client.get("/")
    visitor = visitor_of(client)
    for _ in range(30):
        make_job(visitor=visitor)
        completed_job(visitor=visitor)
    failed_job(visitor=visitor)
    make_job(State.RUNNING, visitor=visitor)
    make_job(State.UPLOADING, visitor=visitor)
    return client


def test_a_poll_of_a_queued_job_costs_at_most_three_queries(browser):
    job = Job.objects.filter(state=State.QUEUED).first()
    assert queries(lambda: browser.get(f"/jobs/{job.id}")) <= 3


def test_a_list_of_thirty_costs_at_most_four(browser):
    assert queries(lambda: browser.get("/jobs", {"limit": 30})) <= 4


def test_the_page_costs_at_most_eight(browser):
    assert queries(lambda: browser.get("/")) <= 8


@pytest.mark.parametrize("state", State)
def test_the_snapshot_of_a_row_asks_nothing_further(django_assert_num_queries, state):
    make_job(state)
    (job,) = schedule.place(Job.objects.lean())
    with django_assert_num_queries(0):
        snapshot(job)
