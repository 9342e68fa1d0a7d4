"""Every error is a problem document to a program, and a page to a person."""

import uuid

import pytest
from django.test import Client

from jobs import errors
from jobs.models import Job
from tests.builders import video

pytestmark = pytest.mark.django_db
UNKNOWN = uuid.UUID(int=0)
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "/nothing/here", 404, "not_found"),
        ("get", f"/jobs/{UNKNOWN}", 404, "not_found"),
        ("get", "/jobs/not-a-uuid", 404, "not_found"),
        ("put", "/jobs", 405, "method_not_allowed"),
        ("post", "/healthz", 405, "method_not_allowed"),
        ("post", "/jobs", 400, "invalid_request"),
        ("get", "/jobs?limit=0", 400, "invalid_request"),
    ],
)
def test_a_program_gets_a_document(client, method, address, status, code):
    answer = getattr(client, method)(address)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert (document["status"], document["code"], document["type"]) == (status, code, f"/problems#{code}")
    assert document["title"]
    assert document["detail"]


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics", "/problems", f"/watch/{UNKNOWN}"])
@pytest.mark.parametrize("cookie", [{}, {"visitor": "somebody"}])
def test_what_only_reads_takes_no_writes_and_asks_for_no_csrf_token(address, cookie):
    client = Client(enforce_csrf_checks=True)
    client.cookies.load(cookie)
    for ask in (client.post, client.put, client.delete):
        answer = ask(address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_browser_gets_a_page_that_says_what_to_do(client):
    answer = client.get("/nothing/here", headers=BROWSER)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert errors.NotFound.title in answer.content.decode()


def test_a_defect_shows_no_trace_of_our_code(monkeypatch):
    monkeypatch.setattr("jobs.api.views.owner_of", lambda request: 1 / 0)
    answer = Client(raise_request_exception=False).get("/jobs")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert b"ZeroDivisionError" not in answer.content


def test_a_body_of_another_kind_is_refused(client):
    answer = client.post("/jobs", "film", content_type="text/plain")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_type")


@pytest.mark.parametrize("body", ["{", "[]", "null", '"text"'])
def test_a_body_that_is_not_a_json_object_is_refused(client, body):
    assert client.post("/jobs", body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"recipe": "magic"}, "recipe"),
        ({"max_height": "tall"}, "max_height"),
        ({"max_height": "-1"}, "max_height"),
        ({"sound": "off"}, "sound"),
        ({"audio": "louder"}, "audio"),
    ],
)
def test_unknown_and_unfit_fields_are_refused_by_name_and_nothing_is_kept(client, settings, fields, named):
    answer = client.post("/jobs", {"file": video(), **fields})
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [named]
    assert not Job.objects.exists()
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())


def test_an_empty_file_is_refused(client):
    assert client.post("/jobs", {"file": video(content=b"")}).json()["fields"] == {"file": "The file is empty."}


def test_two_files_at_once_are_refused(client):
    answer = client.post("/jobs", {"file": [video(), video()]})
    assert "file" in answer.json()["fields"]


def test_a_file_over_the_limit_is_refused(client, settings):
    settings.MAX_UPLOAD_BYTES = 10
    answer = client.post("/jobs", {"file": video()})
    assert (answer.status_code, answer.json()["max_bytes"]) == (413, 10)


def test_a_full_queue_says_when_to_come_back(client, settings):
    settings.MAX_QUEUED = 1
    assert client.post("/jobs", {"file": video()}).status_code == 202
    answer = client.post("/jobs", {"file": video()})
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")


def test_a_full_disk_says_so_before_it_is_full(client, settings):
    settings.MIN_FREE_BYTES = 10**18
    answer = client.post("/jobs", {"file": video()})
    assert (answer.status_code, answer.json()["code"]) == (503, "no_room")
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\a.mp4", "a.mp4"),
        ("line\nbreak.mp4", "linebreak.mp4"),
        ("é海.mp4", "é海.mp4"),
        ("x" * 300 + ".mp4", "x" * 251 + ".mp4"),
    ],
)
def test_a_name_is_only_a_label(given, kept):
    from jobs.submission.submission import clean_filename

    assert clean_filename(given) == kept


def test_every_code_is_used_once():
    assert len(errors.catalogue()) == len({kind.code for kind in errors.catalogue().values()})
    for kind in errors.catalogue().values():
        assert kind.title
        assert kind.advice
