"""What no client means, and a fuzzer sends: the request is refused in words; nothing breaks."""

import base64

import pytest
from django.test import Client

from tests.builders import completed_job, video

pytestmark = pytest.mark.django_db
DIGITS = "9" * 5000


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(f"{text} 00000000-0000-4000-8000-000000000000".encode()).decode()


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, f'{{"filename": "f", "size": {DIGITS}}}'])
def test_json_that_is_nested_or_long_beyond_reason_is_refused(client, body):
    body = body[: 60 * 1024]
    assert client.post("/jobs", body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (f"bytes={DIGITS}-", 416),
        (f"bytes={DIGITS}-{DIGITS}", 416),
        (f"bytes=2-{DIGITS}", 206),
        (f"bytes=-{DIGITS}", 206),
        ("bytes=٣-٤", 200),
    ],
)
def test_a_range_of_thousands_of_digits_is_beyond_the_end(client, asked, status):
    job = completed_job()
    assert client.get(f"/jobs/{job.id}/result", headers={"Range": asked}).status_code == status


@pytest.mark.parametrize("name", ["Upload-Length", "Upload-Offset"])
def test_a_length_of_thousands_of_digits_is_refused(client, name):
    headers = {"Tus-Resumable": "1.0.0", name: DIGITS}
    address, method = ("/uploads/", "post") if name == "Upload-Length" else (f"/uploads/{completed_job().id}", "patch")
    content_type = "application/offset+octet-stream"
    assert getattr(client, method)(address, b"x", headers=headers, content_type=content_type).status_code == 400


@pytest.mark.parametrize(
    "text",
    ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "2026-01-01", "not-a-time"],
)
def test_a_cursor_beyond_time_is_refused_or_finds_nothing(client, text):
    client.get("/")
    assert client.get("/jobs", {"cursor": cursor(text)}).status_code in {200, 400}


@pytest.mark.parametrize("charset", ["no-such-thing", "hex", "zip", "x" * 5000])
def test_a_charset_that_is_none_is_refused(client, charset):
    content_type = f'multipart/form-data; boundary=BoUnDaRyStRiNg; charset="{charset}"'
    body = b'--BoUnDaRyStRiNg\r\nContent-Disposition: form-data; name="recipe"\r\n\r\nfast\r\n--BoUnDaRyStRiNg--\r\n'
    for address in ("/jobs", "/", "/accounts/login/"):
        answer = client.post(address, body, content_type=content_type)
        assert answer.status_code in {400, 403, 415}, address


def test_nul_in_a_client_job_id_is_refused_and_names_no_job(client):
    assert client.post("/jobs", {"file": video(), "client_job_id": "a\0b"}).status_code == 400
    assert client.get("/jobs", {"client_job_id": "a\0b"}).status_code == 404
    assert client.post("/jobs", {"file": video(), "recipe": "fa\0st"}).status_code == 400
