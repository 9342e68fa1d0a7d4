"""Uploads obey the same rules as every other door: owners, tokens, CSRF; and they end like every other job."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from jobs.models import Job
from jobs.states import State
from jobs.tokens import ApiToken
from tests.builders import has_source, make_job, write_source
from tests.product.tus.client import OCTETS, encode

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}
ANNOUNCED = TUS | {"Upload-Length": "10", "Upload-Metadata": encode({"filename": "film.mp4"})}


@pytest.fixture
def ann():
    return get_user_model().objects.create_user("ann")


@pytest.fixture
def ben():
    client = Client()
    client.force_login(get_user_model().objects.create_user("ben"))
    return client


def begun_upload(**fields):
    job = make_job(State.UPLOADING, size=10, **fields)
    write_source(job, b"12345")
    return job


def address(job):
    return f"/uploads/{job.id}"


def test_somebody_elses_upload_does_not_exist(ann, ben):
    path = address(begun_upload(owner=ann))
    patch = {"headers": TUS | {"Upload-Offset": "5"}, "content_type": OCTETS}
    assert ben.head(path, headers=TUS).status_code == 404
    assert ben.patch(path, b"67890", **patch).status_code == 404
    assert ben.delete(path, headers=TUS).status_code == 404
    assert Job.objects.get().state == State.UPLOADING


def test_an_upload_belongs_to_the_user_of_its_token(ann):
    secret = ApiToken.new_secret()
    ApiToken.objects.create(user=ann, name="script", digest=ApiToken.digest_of(secret))
    bearer = {"Authorization": f"Bearer {secret}"}
    path = Client().post("/uploads/", headers=ANNOUNCED | bearer)["Location"]
    assert Job.objects.get().owner == ann
    assert Client().head(path, headers=TUS).status_code == 404
    assert Client().head(path, headers=TUS | bearer).status_code == 200


def test_where_signing_in_is_asked_for_it_is_asked_for_here(settings):
    settings.ACCESS = "login"
    answer = Client().post("/uploads/", headers=ANNOUNCED)
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")


def test_a_write_with_a_session_cookie_needs_the_csrf_token(ann):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ann)
    path = address(begun_upload(owner=ann))
    patch = {"headers": TUS | {"Upload-Offset": "5"}, "content_type": OCTETS}
    answers = [
        browser.post("/uploads/", headers=ANNOUNCED),
        browser.patch(path, b"67890", **patch),
        browser.delete(path, headers=TUS),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "csrf_failed")] * 3
    assert browser.head(path, headers=TUS).status_code == 200


def test_a_write_with_the_csrf_token_or_without_a_cookie_is_taken(ann):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ann)
    browser.cookies["csrftoken"] = "a" * 32
    token = {"X-CSRFToken": "a" * 32}
    assert browser.post("/uploads/", headers=ANNOUNCED | token).status_code == 201
    assert Client(enforce_csrf_checks=True).post("/uploads/", headers=ANNOUNCED).status_code == 201


def test_an_upload_announced_as_json_is_the_same_upload(client):
    key = str(uuid.uuid4())
    announced = {"filename": "film.mp4", "size": 10, "client_job_id": key}
    snapshot = client.post("/jobs", announced, content_type="application/json").json()
    again = client.post("/uploads/", headers=ANNOUNCED | {"Idempotency-Key": key})
    assert again["Location"] == snapshot["links"]["upload"]
    assert client.head(again["Location"], headers=TUS)["Upload-Offset"] == "0"


@pytest.mark.parametrize("state", [State.CANCELED, State.EXPIRED])
def test_what_was_ended_is_gone(client, state):
    assert client.head(address(make_job(state)), headers=TUS).status_code == 410


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.COMPLETED])
def test_what_came_in_whole_tells_so_whatever_became_of_it(client, state):
    answer = client.head(address(make_job(state, size=10)), headers=TUS)
    assert (answer.status_code, answer["Upload-Offset"]) == (200, "10")


def test_an_abandoned_upload_expires(client, settings):
    silent_since = timezone.now() - timedelta(seconds=settings.UPLOAD_RETENTION + 1)
    job = begun_upload(heartbeat_at=silent_since)
    call_command("sweep", "--once")
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "upload_abandoned")
    assert not has_source(job)
    assert client.head(address(job), headers=TUS).status_code == 410


def test_get_is_not_how_one_asks_for_an_upload(client):
    answer = client.get(address(begun_upload()), headers=TUS)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert {"HEAD", "PATCH", "DELETE", "OPTIONS"} <= set(answer["Allow"].split(", "))
