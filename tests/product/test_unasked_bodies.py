"""Nobody unasked writes to the disk: seen on the running server, by what its process writes."""

import os

import httpx
import psutil
import pytest

from tests.product import test_intake
from tests.product.stack import eventually
from tests.product.test_intake import MIB, OCTETS, read_all, status_of

FORM = "Content-Type: multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
COOKIE = f"Cookie: csrftoken={'a' * 32}"  # with it, the CSRF check looks for its token in the form
LENGTH = 20 * MIB


def post(*request, length):
    return test_intake.post(*request, length=length).replace(b"Host: x", b"Host: localhost")


def written(web):
    return psutil.Process(web.process.pid).io_counters().write_chars


def send(web, *request, size=LENGTH):
    with web.connect() as connection:
        connection.sendall(post(*request, length=LENGTH) + FILE)
        for _ in range(size // MIB):
            connection.sendall(bytes(MIB))
        return status_of(read_all(connection))


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (("/nonexistent", FORM), 404),
        (("/healthz", FORM), 405),
        (("/accounts/login/", FORM, COOKIE), 403),
        (("/jobs", FORM, "Authorization: Bearer wrong"), 401),
        (("/jobs", OCTETS), 415),
        (("/jobs/00000000-0000-0000-0000-000000000000/retry", FORM), 404),
    ],
)
def test_what_was_not_asked_for_is_refused_unread(web, request_, status):
    before = written(web)
    assert send(web, *request_) == status
    assert written(web) - before < MIB


def test_a_form_is_written_once_and_goes_when_its_sender_leaves(web):
    incoming = web.data / "media/incoming"
    before = written(web)
    with web.connect() as connection:
        connection.sendall(post("/jobs", FORM, length=LENGTH) + FILE + bytes(10 * MIB))
        eventually(lambda: [file for file in incoming.iterdir() if file.stat().st_size > 9 * MIB])
        assert written(web) - before < 11 * MIB
    eventually(lambda: not list(incoming.iterdir()), timeout=10)


def test_requests_on_one_connection_have_nothing_of_each_other(web):
    """What reads a body in a thread must not leave that thread's executor to the next request."""
    tus = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    with httpx.Client(base_url=web.url, timeout=60) as client:
        for _ in range(3):
            assert client.post("/jobs", files={"file": ("a.mp4", os.urandom(MIB))}).status_code == 202
            announced = client.post("/jobs", json={"filename": "a.mp4", "size": MIB}).json()
            sent = client.patch(announced["links"]["upload"], content=os.urandom(MIB), headers=tus)
            assert sent.status_code == 204, sent.text


def test_a_server_that_ends_does_not_wait_for_a_form_that_is_coming_in(web):
    with web.connect() as connection:
        connection.sendall(post("/jobs", FORM, length=LENGTH) + FILE + bytes(MIB))
        eventually(lambda: list((web.data / "media/incoming").iterdir()))
        web.process.terminate()
        web.process.wait(timeout=20)
    web.start()
    assert not list((web.data / "media/incoming").iterdir())
