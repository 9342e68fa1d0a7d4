"""The admin begins with how the whole installation is; what it costs does not grow with what is kept."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import errors, totals
from jobs.models import Experience, Job
from jobs.states import State
from jobs.storage import storage
from jobs.templatetags.operations import chart
from tests.builders import completed_job, make_job
from tests.plans import plans_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]


def index(client) -> str:
    return client.get("/admin/").content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_admin_begins_with_disk_workers_failures_savings_and_throughput(admin_client):
    completed_job(size=50_000_010)
    make_job(State.FAILED, error_code="not_a_video", finished_at=timezone.now())
    Experience.objects.create(kind="balanced h264 usual", jobs=10, told=10, bytes_right=9, seconds_right=8)
    page = index(admin_client)
    told = ["free of", "Workers", "50 MB", "90%", "and 80% of times", errors.NotAVideo.title, "1 in the last 24 hours"]
    assert [words for words in told if words not in page] == []
    assert 'href="/admin/jobs/job/?state__exact=failed&amp;error_code=not_a_video"' in page
    assert 'href="/admin/django_rq/dashboard/"' in page


def test_a_full_disk_and_missing_workers_are_said(admin_client, monkeypatch):
    monkeypatch.setattr(storage, "has_room", lambda: False)
    page = index(admin_client)
    assert "nothing more is taken in" in page
    assert "Nothing is compressed until one comes" in page


def test_charts_have_their_numbers_as_text(admin_client):
    completed_job(finished_at=timezone.now() - timedelta(hours=2), size=5_000_010)
    page = index(admin_client)
    assert re.search(r'<svg class="chart"[^>]* role="img" aria-label="Videos done', page)
    rows = re.findall(r'<tr><th scope="row">(\d\d:\d\d)</th><td>(\d+)</td><td>(\d+)</td><td>(.*?)</td>', page)
    assert len(rows) == 24
    assert rows[-3][1:] == ("1", "0", "5 MB")


def test_nothing_in_it_is_inline_style_or_script(admin_client):
    completed_job()
    section = re.search(r'<section class="overview".*?</section>', index(admin_client), re.DOTALL)[0]
    assert not re.search(r"<script|<style| style=| on[a-z]+=", section)


def test_who_may_not_see_jobs_sees_no_overview(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    assert "overview" not in index(client)


def test_it_costs_the_same_however_much_is_kept(admin_client):
    def queries() -> int:
        from django.core.cache import caches

        caches["totals"].clear()
        with CaptureQueriesContext(connection) as asked:
            index(admin_client)
        return len(asked)

    few = queries()
    kept = [Job(state=State.EXPIRED, filename="x", size=1, options={}, finished_at=timezone.now()) for _ in range(300)]
    Job.objects.bulk_create(kept)
    make_job(State.FAILED, error_code="internal_failure", finished_at=timezone.now())
    assert queries() == few <= 20


def test_the_newest_are_found_by_an_index_and_no_more_than_they():
    plans = plans_of(lambda: (totals.last_hours(), totals.newest_failures()))
    assert len(plans) == 4
    for query, plan in plans.items():
        assert " LIMIT " in query
        assert "job_by_state_and_end" in plan
        assert "TEMP B-TREE" not in plan  # PostgreSQL sorts what it found there, where that is little


def test_only_so_many_are_looked_at(monkeypatch):
    monkeypatch.setattr(totals, "NEWEST_FAILURES", 3)
    monkeypatch.setattr(totals, "NEWEST_ENDS", 2)
    now = timezone.now()
    for number in range(5):
        make_job(State.FAILED, error_code="internal_failure", finished_at=now)
        completed_job(finished_at=now - timedelta(seconds=number))
    assert totals.newest_failures() == {"internal_failure": 3}
    assert sum(hour.done for hour in totals.last_hours()) == 2


def test_an_hour_of_which_something_is_seen_has_a_bar():
    now = timezone.now()
    bars = chart([(now, 0), (now, 1), (now, 10_000)])
    assert [bar.height for bar in bars] == [0.0, 1.0, 60.0]
    assert [bar.y for bar in bars] == [60.0, 59.0, 0.0]
    assert chart([]) == []


def test_monitoring_is_told_the_same_numbers(client):
    completed_job(size=5_000_010)
    make_job(State.FAILED, error_code="not_a_video")
    told = client.get("/metrics").content.decode()
    assert "compressor_saved_bytes 5000000" in told
    assert 'compressor_newest_failures{code="not_a_video"} 1' in told
    assert re.search(r"compressor_total_bytes \d+", told)
