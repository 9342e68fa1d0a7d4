"""Giving a job up, and having it run again."""

import uuid

import pytest

from jobs import errors, lifecycle
from jobs.line import read_line
from jobs.models import Job
from jobs.states import State
from tests.builders import completed_job, failed_job, has_source, make_job, result_of, write_source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [State.UPLOADING, State.QUEUED, State.RUNNING])
def test_canceling_a_live_job_removes_its_files(client, state):
    job = make_job(state, with_source=True)
    assert client.delete(f"/jobs/{job.id}").status_code == 204
    assert Job.objects.get().state == State.CANCELED
    assert not has_source(job)
    assert client.get(f"/jobs/{job.id}").status_code == 410


def test_canceling_again_changes_nothing(client):
    job = make_job()
    assert [client.delete(f"/jobs/{job.id}").status_code for _ in range(2)] == [204, 204]
    assert Job.objects.get().revision == 2


def test_deleting_a_finished_job_removes_its_files(client):
    job = completed_job()
    assert client.delete(f"/jobs/{job.id}").status_code == 204
    assert Job.objects.get().state == State.EXPIRED
    assert not result_of(job).exists()


def test_deleting_a_failed_job_removes_its_files_and_leaves_a_tombstone(client):
    key = str(uuid.uuid4())
    job = failed_job(client_job_id=key)
    assert [client.delete(f"/jobs/{job.id}").status_code for _ in range(2)] == [204, 204]
    assert not has_source(job)
    assert client.get("/jobs", {"client_job_id": key})["Location"] == f"/jobs/{job.id}"
    answer = client.get(f"/jobs/{job.id}")
    assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (400, "internal_failure", None)
    assert Job.objects.get().revision == 2


def test_a_failed_job_that_is_deleted_while_it_is_to_be_retried_is_not_revived():
    job = failed_job()
    as_read = Job.objects.get()
    lifecycle.delete(job)
    write_source(job)  # the retry looked just before
    with pytest.raises(errors.NotRetryable):
        lifecycle.retry(as_read)
    assert Job.objects.get().state == State.FAILED


def test_a_failed_job_that_was_retried_meanwhile_is_not_forgotten(redis):
    job = failed_job()
    lifecycle.retry(job)
    assert not lifecycle.forget_failure(job)
    assert has_source(job)


def test_a_canceled_job_has_no_turn_any_more(redis, client):
    job = make_job(with_source=True)
    assert [turn.job_id for turn in read_line().turns()] == [job.id]
    client.delete(f"/jobs/{job.id}")
    assert list(read_line().turns()) == []


def test_a_failed_job_can_be_run_again_while_its_source_is_there(redis, client):
    job = make_job(State.FAILED, with_source=True, error_code="internal_failure", error_detail="It broke.", losses=2)
    answer = client.post(f"/jobs/{job.id}/retry")
    assert (answer.status_code, answer["Location"]) == (202, f"/jobs/{job.id}")
    assert answer.json()["state"] == "queued"
    assert answer.json()["attempt"] == 2
    assert answer.json()["error"] is None
    assert Job.objects.get().losses == 0


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.COMPLETED, State.EXPIRED])
def test_what_has_not_failed_cannot_be_run_again(client, state):
    answer = client.post(f"/jobs/{make_job(state, with_source=True).id}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_retryable")


def test_what_would_fail_in_the_same_way_is_not_offered_another_try(client):
    job = make_job(State.FAILED, with_source=True, error_code="audio_only")
    poll = client.get(f"/jobs/{job.id}").json()
    assert (poll["retryable"], poll["retry"]) == (False, None)
    assert (poll["job"]["error"]["retryable"], poll["job"]["links"]["retry"]) == (False, None)
    assert "Try again" not in client.get(f"/watch/{job.id}").content.decode()
    answer = client.post(f"/jobs/{job.id}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_retryable")
    assert "unless it would fail in the same way" in answer.json()["detail"]
    assert Job.objects.get().attempt == 1


@pytest.mark.parametrize("kind", errors.JobFailure.__subclasses__())
def test_every_failure_says_itself_whether_another_try_can_help(client, kind):
    job = make_job(State.FAILED, with_source=True, error_code=kind.code)
    assert (client.get(f"/jobs/{job.id}").json()["retry"] is not None) == kind.retryable


def test_without_its_source_a_job_cannot_be_run_again(client):
    job = failed_job()
    lifecycle.forget_failure(job)
    assert client.get(f"/jobs/{job.id}").json()["retry"] is None
    assert client.post(f"/jobs/{job.id}/retry").status_code == 409
