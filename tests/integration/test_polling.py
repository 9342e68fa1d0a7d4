"""What a poll answers, state by state, and how a client avoids asking in vain."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Installation, Job
from jobs.states import State
from tests.builders import completed_job, make_job, video

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [State.UPLOADING, State.QUEUED, State.RUNNING])
def test_a_live_job_is_accepted_and_says_when_to_ask_again(client, state):
    answer = client.get(f"/jobs/{make_job(state).id}")
    assert answer.status_code == 202
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.json()["state"] == state
    assert answer["Cache-Control"] == "no-store"


def test_a_completed_job_links_to_its_result(client):
    job = completed_job()
    answer = client.get(f"/jobs/{job.id}")
    assert answer.status_code == 200
    assert answer["Link"] == f'</jobs/{job.id}/result>; rel="item"'
    assert answer.json()["result"]["url"] == f"/jobs/{job.id}/result"
    assert answer.json()["result"]["filename"] == "holiday.mp4"
    assert "Retry-After" not in answer


def test_a_failed_job_is_a_problem_document_with_the_snapshot(client):
    job = make_job(State.FAILED, error_code="audio_only", error_detail="No picture.", log="secret stderr")
    answer = client.get(f"/jobs/{job.id}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "audio_only"
    assert answer.json()["job"]["error"]["detail"] == "No picture."
    assert b"secret stderr" not in answer.content


@pytest.mark.parametrize(("state", "code"), [(State.CANCELED, "job_canceled"), (State.EXPIRED, "job_expired")])
def test_what_is_gone_says_so_and_what_to_do(client, state, code):
    answer = client.get(f"/jobs/{make_job(state).id}")
    assert (answer.status_code, answer.json()["code"]) == (410, code)
    assert "new client job id" in answer.json()["detail"]


def test_an_unknown_job_is_not_found(client):
    assert client.get(f"/jobs/{uuid.uuid4()}").status_code == 404


def test_nothing_new_is_answered_with_304(client):
    job = make_job(State.RUNNING)
    etag = client.get(f"/jobs/{job.id}")["ETag"]
    same = client.get(f"/jobs/{job.id}", headers={"If-None-Match": etag})
    assert (same.status_code, same.content) == (304, b"")
    Job.objects.update(revision=2)
    assert client.get(f"/jobs/{job.id}", headers={"If-None-Match": etag}).status_code == 202


def test_moving_up_in_the_queue_is_news(client):
    ahead, job = make_job(), make_job()
    first = client.get(f"/jobs/{job.id}")
    assert first.json()["position"] == 2
    Job.objects.filter(pk=ahead.pk).update(state=State.CANCELED)
    second = client.get(f"/jobs/{job.id}", headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second.json()["position"]) == (202, 1)


def test_the_first_answer_is_what_a_poll_says(redis, client):
    make_job()
    submitted = client.post("/jobs", {"file": video()})
    polled = client.get(submitted["Location"])
    assert submitted.json()["position"] == 2
    assert (submitted.json(), submitted["ETag"]) == (polled.json(), polled["ETag"])


def test_a_running_job_says_to_come_back_when_it_should_be_done(client):
    job = make_job(State.RUNNING, progress={"phase": "encode", "fraction": 0.5, "eta_seconds": 12.2})
    assert client.get(f"/jobs/{job.id}")["Retry-After"] == "13"
    Job.objects.update(progress={"phase": "encode", "fraction": 0.1, "eta_seconds": 4000})
    assert client.get(f"/jobs/{job.id}")["Retry-After"] == "60"
    Job.objects.update(progress={"phase": "encode", "fraction": 0.99, "eta_seconds": 0.1})
    assert client.get(f"/jobs/{job.id}")["Retry-After"] == "1"


def test_a_queued_job_says_not_to_come_back_soon_while_nothing_begins(client, settings):
    job = make_job()
    assert client.get(f"/jobs/{job.id}")["Retry-After"] == "5"
    now = timezone.localtime()
    settings.WORK_HOURS = ((now + timedelta(hours=2)).time(), (now + timedelta(hours=3)).time())
    assert client.get(f"/jobs/{job.id}")["Retry-After"] == "60"
    settings.WORK_HOURS = None
    Installation.objects.create(paused_at=now)
    assert client.get(f"/jobs/{job.id}")["Retry-After"] == "60"
    Installation.objects.update(paused_at=None)
    assert client.get(f"/jobs/{job.id}")["Retry-After"] == "5"


def test_head_answers_as_get_without_a_body(client):
    job = make_job()
    get, head = client.get(f"/jobs/{job.id}"), client.head(f"/jobs/{job.id}")
    assert head.content == b""
    assert {name: head[name] for name in ("ETag", "Retry-After", "Content-Type")} == {
        name: get[name] for name in ("ETag", "Retry-After", "Content-Type")
    }


def test_options_lists_the_methods(client):
    answer = client.options("/jobs")
    assert answer.status_code == 204
    assert answer["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_browser_that_opens_the_address_is_shown_the_page(client):
    job = make_job()
    answer = client.get(f"/jobs/{job.id}", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer["Location"]) == (303, f"/watch/{job.id}")


def test_own_jobs_come_newest_first_in_pages(admin_client, admin_user):
    jobs = [make_job(owner=admin_user) for _ in range(5)]
    make_job()
    seen, address = [], "/jobs?limit=2"
    while address:
        page = admin_client.get(address).json()
        seen += [job["id"] for job in page["jobs"]]
        address = page["next"]
    assert seen == [str(job.id) for job in reversed(jobs)]


@pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=AAAA", "limit=0", "limit=many"])
def test_an_unfit_query_is_refused_by_name(admin_client, query):
    answer = admin_client.get(f"/jobs?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["fields"]
