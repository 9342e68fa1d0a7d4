"""The same request again, at any moment, finds the same job."""

import threading
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from jobs.models import Job
from jobs.states import State
from tests.builders import make_job, video

pytestmark = pytest.mark.django_db


def submit(client, key=None, *, header=None, **fields):
    headers = {"Idempotency-Key": header} if header is not None else {}
    named = {"client_job_id": key} if key is not None else {}
    return client.post("/jobs", {"file": video(), **named, **fields}, headers=headers)


@pytest.fixture
def key():
    return str(uuid.uuid4())


def test_a_submission_is_answered_at_once_with_a_job_to_follow(client, key):
    answer = submit(client, key)
    assert answer.status_code == 202
    assert answer["Location"] == f"/jobs/{answer.json()['id']}"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.json()["state"] == "queued"
    assert answer.json()["client_job_id"] == key
    assert "Idempotency-Replayed" not in answer


def test_the_same_request_again_finds_the_same_job(client, key):
    first, second = submit(client, key), submit(client, key)
    assert second.status_code == 202
    assert second.json()["id"] == first.json()["id"]
    assert second["Idempotency-Replayed"] == "true"
    assert Job.objects.count() == 1


def test_the_key_may_come_as_a_header_with_or_without_quotes(client, key):
    ids = {submit(client, header=form).json()["id"] for form in (key, f'"{key}"')} | {submit(client, key).json()["id"]}
    assert len(ids) == 1


def test_a_field_and_a_header_that_differ_are_refused(client, key):
    answer = submit(client, key, header=str(uuid.uuid4()))
    assert answer.status_code == 400
    assert "client_job_id" in answer.json()["fields"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"file": video(name="other.mov")}, "filename"),
        ({"file": video(content=b"other content, of another size")}, "size"),
        ({"recipe": "fast"}, "recipe"),
        ({"max_height": "480"}, "recipe"),
    ],
)
def test_the_same_key_for_a_different_request_is_refused_by_name(client, key, change, named):
    submit(client, key)
    answer = submit(client, key, **change)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_mismatch"
    assert named in answer.json()["differs"]
    assert Job.objects.count() == 1


def test_other_content_of_the_same_size_is_told_apart(client, key):
    submit(client, key, file=video(content=b"aaaa"))
    answer = submit(client, key, file=video(content=b"bbbb"))
    assert answer.json()["differs"] == ["content"]


def test_without_a_key_each_request_is_a_job(client):
    assert submit(client).json()["id"] != submit(client).json()["id"]


def test_without_a_session_the_key_must_be_unguessable(client):
    answer = submit(client, "film-1")
    assert answer.status_code == 400
    assert "UUID" in answer.json()["fields"]["client_job_id"]


@pytest.mark.parametrize("bad", ["x" * 256, "line\nbreak", "\x00"])
def test_a_key_is_printable_and_not_too_long(admin_client, bad):
    assert submit(admin_client, bad).status_code == 400


def test_two_owners_may_use_the_same_key(key):
    clients = []
    for name in ("ann", "ben"):
        client = Client()
        client.force_login(get_user_model().objects.create_user(name))
        clients.append(client)
    ids = {submit(client, "film-1").json()["id"] for client in clients}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        (State.FAILED, 400, "encode_failed"),
        (State.CANCELED, 410, "job_canceled"),
        (State.EXPIRED, 410, "job_expired"),
    ],
)
def test_a_key_stays_with_its_job_whatever_became_of_it(client, key, state, status, code):
    job_id = submit(client, key).json()["id"]
    Job.objects.update(state=state, error_code="encode_failed" if state == State.FAILED else "")
    answer = submit(client, key)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["job"]["id"] == job_id
    assert Job.objects.count() == 1


def test_a_client_that_crashed_asks_by_its_own_id(client, key):
    job_id = submit(client, key).json()["id"]
    answer = client.get("/jobs", {"client_job_id": key})
    assert (answer.status_code, answer["Location"]) == (303, f"/jobs/{job_id}")
    assert client.get("/jobs", {"client_job_id": str(uuid.uuid4())}).status_code == 404


def test_a_whole_file_under_the_key_of_an_upload_that_is_still_arriving_must_wait(client, key):
    make_job(State.UPLOADING, client_job_id=key)
    answer = submit(client, key)
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True)
def test_of_many_identical_requests_at_once_one_makes_the_job(key):
    answers = []

    def once():
        try:
            answers.append(submit(Client(), key))
        finally:
            connection.close()

    threads = [threading.Thread(target=once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert Job.objects.count() == 1
