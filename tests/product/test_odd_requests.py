"""Requests that no client means, as bytes on the wire: refused with 4xx, and no trace of a defect in the log."""

import re
import secrets
import socket
import stat
import uuid

import httpx
import pytest

from tests.product.stack import eventually

DIGITS = "9" * 5000
JOB = uuid.UUID(int=1)
KEY = uuid.UUID("5f0c1de2-8a54-4bd5-9d5e-3a1c7f9b2e60")
SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def status_of(stack, line, headers, body=b""):
    head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": f"127.0.0.1:{stack.port}", **headers}.items())
    with socket.create_connection(("127.0.0.1", stack.port), 20) as connection:
        connection.sendall(f"{line} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = b""
        while b"\r\n" not in answer and (data := connection.recv(4096)):
            answer += data
    return int(answer.split(b" ")[1])


@pytest.mark.parametrize(
    ("line", "headers"),
    [
        ("GET /", SOCKET),
        ("GET /jobs", SOCKET),
        (f"GET /jobs/{JOB}", SOCKET),
        ("GET /ws/jobs/1", SOCKET),
        ("POST /ws/jobs/1", {**SOCKET, "Content-Length": "3"}),
        ("POST /jobs", {"Content-Length": DIGITS}),
        ("POST /jobs", {"Content-Length": "-1"}),
        ("POST /uploads/", {"Tus-Resumable": "1.0.0", "Upload-Length": DIGITS, "Content-Length": "0"}),
        ("POST /jobs", {"Content-Type": "multipart/form-data; boundary=b; charset=hex", "Content-Length": "0"}),
        ("POST /jobs", {"Content-Type": "multipart/form-data; boundary=b; charset*=nope''x", "Content-Length": "0"}),
        ("POST /jobs", {"Content-Type": "a/b; charset*=utf-8''a%00b", "Content-Length": "0"}),
        (f"GET /jobs/{JOB}", {"Prefer": "wait=1", "Content-Type": "a/b; charset*=nope''x"}),
        (f"GET /jobs/{JOB}", {"Prefer": f"wait={DIGITS}"}),
        ("GET /", {"Host": "evil.example"}),
        ("GET /?client_job_id=%00", {"Host": "a b"}),
    ],
)
def test_an_odd_request_is_refused_and_breaks_nothing(stack, line, headers):
    before = len(stack.logs("web"))
    assert 400 <= status_of(stack, line, headers) < 500
    assert "Traceback" not in stack.logs("web")[before:]


def test_a_field_in_a_charset_that_does_not_exist_is_refused(stack):
    disposition = "form-data; name=\"file\"; filename*=nope''film.mp4"
    body = f"--b\r\nContent-Disposition: {disposition}\r\n\r\nbytes\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert httpx.post(f"{stack.url}/jobs", content=body, headers=headers).status_code == 400


def lines_about(stack, answer):
    """What the web process logged while it answered this."""
    request_id = answer.headers["X-Request-Id"]
    return eventually(lambda: [line for line in stack.logs("web").splitlines() if request_id in line])


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", f"/jobs/{KEY}?client_job_id=film-1", 404, {}),
        ("POST", f"/watch/{KEY}/delete", 403, {}),  # without a CSRF token
        ("POST", f"/watch/{KEY}/delete", 400, {"data": dict.fromkeys(map(str, range(1001)), "1")}),  # too many fields
        ("POST", f"/watch/{KEY}/delete", 413, {"json": "x" * 3_000_000}),  # the intake refuses it, not Django
    ],
)
def test_each_request_is_one_line_with_its_id_and_without_the_key_in_its_address(stack, method, path, status, body):
    before = len(stack.logs("web"))
    answer = httpx.request(method, f"{stack.url}{path}", cookies={"csrftoken": "c" * 32} if body else {}, **body)
    assert answer.status_code == status
    [line] = lines_about(stack, answer)
    shown = path.partition("?")[0].replace(str(KEY), f"{str(KEY)[:8]}…") + ("?…" if "?" in path else "")
    told = f'{answer.headers["X-Request-Id"]} 127.0.0.1 - "{method} {shown}" {status} '
    assert re.search(rf"INFO compressor.access {re.escape(told)}\d+ \d+ ms$", line)
    written = stack.logs("web")[before:]
    assert not any(secret in written for secret in (str(KEY), "film-1", "Traceback"))


def test_what_is_logged_while_a_request_is_answered_bears_its_id(stack):
    with httpx.Client(base_url=stack.url, headers={"Referer": stack.url}) as browser:
        page = browser.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        name = f"nobody-{secrets.token_hex(4)}"  # an id would be shortened
        answer = browser.post(
            "/accounts/login/", data={"csrfmiddlewaretoken": token, "username": name, "password": "guess"}
        )
    assert any(f"sign in as '{name}'" in line for line in lines_about(stack, answer))


def test_the_access_log_names_a_browser_and_its_sockets(stack):
    with httpx.Client(base_url=stack.url) as browser:
        browser.get("/")
        request_id = browser.get("/jobs").headers["X-Request-Id"]
    line = eventually(lambda: next((line for line in stack.logs("web").splitlines() if request_id in line), None))
    assert re.search(r"127.0.0.1 visitor:[0-9a-f]{8} \"GET /jobs\" 200 ", line)


def test_what_is_written_is_for_nobody_else_on_this_machine(stack):
    """The stack starts its processes without bin/run, whose umask does this for all that is below."""
    assert stat.S_IMODE(stack.data_dir.stat().st_mode) == 0o700
