"""The file's own time travels with it, and is no validator."""

import json
import uuid
from datetime import UTC, datetime

import pytest

from jobs.models import Job
from jobs.snapshot import snapshot
from tests.builders import completed_job, make_job, video

pytestmark = pytest.mark.django_db
SENT = "2024-05-01T12:30:00+02:00"
TOLD = "Wed, 01 May 2024 10:30:00 GMT"
THEN = {"last_modified": datetime.fromisoformat(SENT), "last_modified_offset": 120}


def announce(client, **fields):
    body = {"filename": "a.mov", "size": 9, "client_job_id": str(uuid.uuid4()), **fields}
    return client.post("/jobs", json.dumps(body), content_type="application/json")


def fetched(client, job, **headers):
    return client.get(f"/jobs/{job.id}/result", headers=headers)


@pytest.mark.parametrize("sent", [SENT, "2024-05-01T12:30:00.999+02:00", "2024-05-01t12:30:00+02:00"])
def test_json_carries_it(client, sent):
    answer = announce(client, last_modified=sent)
    assert (answer.status_code, answer.json()["last_modified"]) == (202, SENT)
    assert Job.objects.get().last_modified == datetime(2024, 5, 1, 10, 30, tzinfo=UTC)


def test_a_form_carries_it(client):
    answer = client.post("/jobs", {"file": video(), "client_job_id": str(uuid.uuid4()), "last_modified": SENT})
    assert answer.json()["last_modified"] == SENT


def test_nobody_has_to_send_it(client):
    assert announce(client).json()["last_modified"] is None
    assert announce(client, last_modified="").status_code == 202


@pytest.mark.parametrize(
    "sent",
    ["yesterday", "2024-05-01", "2024-05-01T12:30:00", "2024-13-01T12:30:00Z", "0001-01-01T00:00:00+02:00", 1714559400,
     "2024-05-01T12:30:60Z", "２024-05-01T12:30:00Z", ["x"]],
)  # fmt: skip
def test_what_is_no_moment_is_refused_by_name(client, sent):
    answer = announce(client, last_modified=sent)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["last_modified"])


def test_the_same_request_is_the_same_whatever_time_it_tells(client):
    key = str(uuid.uuid4())
    first = announce(client, client_job_id=key, last_modified=SENT)
    again = announce(client, client_job_id=key)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["last_modified"] == SENT


def test_the_download_tells_it_in_whole_and_in_part(client):
    job = completed_job(**THEN)
    assert fetched(client, job)["Last-Modified"] == TOLD
    part = fetched(client, job, range="bytes=2-4")
    assert (part.status_code, part["Last-Modified"]) == (206, TOLD)
    same = fetched(client, job, **{"if-none-match": part["ETag"]})
    assert (same.status_code, same["Last-Modified"]) == (304, TOLD)
    head = client.head(f"/jobs/{job.id}/result")
    assert head["Last-Modified"] == TOLD


def test_the_day_that_the_file_tells_stands_in_where_none_was_sent(client):
    job = completed_job(source={"filmed_at": SENT})
    assert fetched(client, job)["Last-Modified"] == TOLD


@pytest.mark.parametrize("fields", [{}, {"source": {"filmed_at": None}}])
def test_where_nobody_knows_it_none_is_told(client, fields):
    assert not fetched(client, completed_job(**fields)).has_header("Last-Modified")


@pytest.mark.parametrize("options", [{"recipe": "fast", "metadata": "strip"}, {"recipe": "fast"}])
def test_where_no_date_may_stay_none_is_told(client, options):
    """Rows of before `metadata` was an option say nothing of it."""
    job = completed_job(**THEN, source={"filmed_at": SENT}, options=options)
    assert not fetched(client, job).has_header("Last-Modified")


def test_a_time_to_come_is_not_told(client):
    job = completed_job(last_modified=datetime(2999, 1, 1, tzinfo=UTC), last_modified_offset=0)
    assert "2999" not in fetched(client, job)["Last-Modified"]


@pytest.mark.parametrize("question", ["if-modified-since", "if-unmodified-since"])
@pytest.mark.parametrize("date", [TOLD, "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_no_question_about_dates_keeps_a_result_back(client, question, date):
    """Another file, such as the source itself, may have the same time."""
    assert fetched(client, completed_job(**THEN), **{question: date}).status_code == 200


def test_a_date_resumes_nothing(client):
    answer = fetched(client, completed_job(**THEN), **{"range": "bytes=5-", "if-range": TOLD})
    assert answer.status_code == 200


def test_the_snapshot_tells_it_with_its_offset(client):
    assert snapshot(make_job(**THEN))["last_modified"] == SENT
