"""The intake holds its promises, seen through real sockets on a real server process."""

import contextlib
import hashlib
import json
import os
import re
import select
import time

import pytest

from tests.product.server_process import ServerProcess
from tests.product.stack import eventually

MIB = 1024 * 1024
CLIENT_TIMEOUT = 4  # seconds


class Server(ServerProcess):
    """A server with the application of tests/intake_app.py."""

    def send(self, data):
        """Send a whole request and read until the server closes: the raw answer."""
        with self.connect() as connection:
            connection.sendall(data)
            return read_all(connection)

    def log(self):
        raw = self.send(b"GET /log HTTP/1.1\r\nConnection: close\r\n\r\n")
        return json.loads(raw.partition(b"\r\n\r\n")[2])


@pytest.fixture(scope="module")
def server():
    server = Server("tests.product.intake_app:application", CLIENT_TIMEOUT=str(CLIENT_TIMEOUT))
    server.start()
    yield server
    server.stop()


def read_all(connection):
    """Everything until the server closes."""
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


def read_answer(stream):
    """One response with a Content-Length from a file-like socket: status, headers, JSON."""
    status = int(stream.readline().split()[1])
    headers = {}
    while line := stream.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return status, headers, json.loads(body) if body else None


def post(path="/count", *headers, body=b"", length=None):
    lines = [f"POST {path} HTTP/1.1", "Host: x", *headers]
    if length is not None or body:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def status_of(raw):
    return int(re.match(rb"HTTP/1.1 (\d+)", raw)[1])


def problem_of(raw):
    assert b"content-type: application/problem+json" in raw.lower()
    return json.loads(re.search(rb"\{.*\}", raw)[0])


OCTETS = "Content-Type: application/octet-stream"


STREAMED = ["application/octet-stream", "application/offset+octet-stream", "multipart/form-data; boundary=x"]


@pytest.mark.parametrize("content_type", STREAMED)
def test_the_application_has_the_first_half_before_the_second_is_sent(server, content_type):
    half = os.urandom(10 * MIB)
    with server.connect() as connection:
        connection.sendall(post("/count", f"Content-Type: {content_type}", length=20 * MIB) + half)
        eventually(lambda: server.log()[-1]["bytes"] == 10 * MIB)
        connection.sendall(half)
        status, _, document = read_answer(connection.makefile("rb"))
    assert (status, document["bytes"]) == (200, 20 * MIB)
    assert document["sha256"] == hashlib.sha256(half + half).hexdigest()


def test_a_slow_application_holds_the_sender_back(server):
    with server.connect(timeout=2) as connection:
        connection.sendall(post("/count?pause=5", OCTETS, length=200 * MIB))
        sent = 0
        with pytest.raises(TimeoutError):
            while sent < 200 * MIB:
                sent += connection.send(bytes(65536))
    assert sent < 20 * MIB  # socket buffers of both sides, and a little of ours


def test_a_chunked_body_streams_too(server):
    chunks = b"".join(b"%x\r\n%s\r\n" % (n, bytes(n)) for n in (1, 70_000, 300_000)) + b"0\r\n\r\n"
    raw = server.send(post("/count", OCTETS, "Transfer-Encoding: chunked", "Connection: close") + chunks)
    assert status_of(raw) == 200
    assert json.loads(raw.partition(b"\r\n\r\n")[2])["bytes"] == 370_001


def test_the_application_starts_before_the_body_is_in(server):
    with server.connect() as connection:
        connection.sendall(post("/count?pause=0", OCTETS, length=10) + b"12345")
        begun = {"bytes": 5, "events": 1, "ended": False, "left": False}
        eventually(lambda: server.log()[-1] == begun)


def test_a_declared_length_over_the_limit_is_refused_before_the_body(server):
    raw = server.send(post("/count", OCTETS, length=10**9 + 2 * MIB))
    assert status_of(raw) == 413
    assert b"connection: close" in raw.lower()
    assert problem_of(raw)["code"] == "too_large"


def test_a_json_body_may_not_be_as_large_as_a_video(server):
    raw = server.send(post("/count", "Content-Type: application/json", length=2 * MIB))
    assert problem_of(raw)["max_bytes"] == MIB


def test_a_chunked_body_is_refused_when_it_passes_the_limit(server):
    chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
    raw = server.send(post("/count", "Content-Type: text/plain", "Transfer-Encoding: chunked") + chunk * 17)
    assert status_of(raw) == 413
    assert server.log()[-1]["left"]


def test_expect_continue_is_answered_when_the_application_reads(server):
    with server.connect() as connection:
        connection.sendall(post("/count", OCTETS, "Expect: 100-continue", length=3))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert read_answer(connection.makefile("rb"))[2]["bytes"] == 3


def test_an_application_may_refuse_instead_of_100_continue(server):
    raw = server.send(post("/early", OCTETS, "Expect: 100-continue", length=3))
    assert status_of(raw) == 401
    raw = server.send(post("/count", OCTETS, "Expect: 100-continue", length=10**10))
    assert status_of(raw) == 413


def test_an_early_answer_reaches_a_client_that_goes_on_sending(server):
    with server.connect() as connection:
        connection.sendall(post("/early", OCTETS, length=50 * MIB))
        for _ in range(50):
            connection.sendall(bytes(MIB))
        raw = read_all(connection)
    assert status_of(raw) == 401
    assert b"connection: close" in raw.lower()


def test_bytes_after_an_early_answer_are_never_taken_for_a_request(server):
    smuggled = b"GET /log HTTP/1.1\r\nHost: x\r\n\r\n"
    raw = server.send(post("/early", OCTETS, body=smuggled * 3, length=10 * MIB))
    assert raw.count(b"HTTP/1.1") == 1


def test_a_client_that_leaves_in_mid_body_is_told_to_the_application_after_its_bytes(server):
    with server.connect() as connection:
        connection.sendall(post("/count", OCTETS, length=10 * MIB) + bytes(100_000))
    entry = eventually(lambda: (last := server.log()[-1])["left"] and last)
    assert (entry["bytes"], entry["ended"]) == (100_000, False)


def test_a_sender_that_stops_is_answered_408(server):
    raw = server.send(post("/count", OCTETS, length=100) + b"some")
    assert problem_of(raw)["code"] == "request_timeout"
    assert server.log()[-1]["left"]


def test_a_sender_that_is_slow_but_alive_is_waited_for(server):
    with server.connect() as connection:
        connection.sendall(post("/count", OCTETS, length=3))
        for _ in range(3):
            time.sleep(CLIENT_TIMEOUT * 0.4)
            connection.sendall(b"x")
        assert read_answer(connection.makefile("rb"))[0] == 200


def test_a_slow_application_does_not_time_its_client_out(server):
    with server.connect() as connection:
        connection.sendall(post(f"/count?pause={CLIENT_TIMEOUT + 1}", OCTETS, body=bytes(10)))
        assert read_answer(connection.makefile("rb"))[0] == 200


def test_headers_that_drip_are_cut_off(server):
    with server.connect() as connection:
        connection.sendall(b"GET /log HTTP/1.1\r\nX-A: ")
        connection.settimeout(0.3)
        raw = b""
        for _ in range(100):
            if raw:
                break
            with contextlib.suppress(TimeoutError):
                connection.sendall(b"a")
                raw = connection.recv(4096)
    assert status_of(raw) == 408


def test_two_requests_share_a_connection(server):
    with server.connect() as connection:
        stream = connection.makefile("rb")
        for size in (70_000, 0, 5):
            connection.sendall(post("/count", OCTETS, body=bytes(size)))
            assert read_answer(stream)[2]["bytes"] == size


def test_pipelined_requests_are_answered_in_order(server):
    with server.connect() as connection:
        stream = connection.makefile("rb")
        connection.sendall(b"".join(post("/count?pause=0.1", OCTETS, body=bytes(size)) for size in (3, 2, 1)))
        assert [read_answer(stream)[2]["bytes"] for _ in range(3)] == [3, 2, 1]


@pytest.mark.parametrize("request_line", ["HEAD /download?bytes=200000", "GET /empty"])
def test_an_answer_without_a_body_has_none(server, request_line):
    raw = server.send(f"{request_line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert raw.endswith(b"\r\n\r\n")


def test_a_reader_that_stops_holds_the_application_back_and_is_cut_off(server):
    with server.connect() as connection:
        connection.sendall(b"GET /download?bytes=400000000 HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(lambda: "sent" in server.log()[-1])
        time.sleep(CLIENT_TIMEOUT / 2)
        assert server.log()[-1]["sent"] < 40 * MIB  # socket buffers of both sides, and a little of ours
        cut_off = select.poll()
        cut_off.register(connection, 0)  # tells of resets, without reading
        assert cut_off.poll(60_000)


NOT_HTTP = [
    b"nonsense\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\nHost: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
]


@pytest.mark.parametrize("line", NOT_HTTP)
def test_what_is_not_http_is_refused(server, line):
    assert status_of(server.send(line)) == 400


def test_a_badly_framed_chunk_is_refused_and_told(server):
    raw = server.send(post("/count", OCTETS, "Transfer-Encoding: chunked") + b"3\r\nabc\r\nzz\r\n")
    assert status_of(raw) == 400
    assert server.log()[-1] == {"bytes": 3, "events": 2, "ended": False, "left": True}


def test_an_error_page_of_daphne_is_a_problem_document(server):
    raw = server.send(b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status_of(raw) == 400
    assert b"<html" not in raw


def test_websockets_upgrade_as_ever(server):
    from websockets.sync.client import connect

    with connect(f"ws://127.0.0.1:{server.port}/") as websocket:
        websocket.send("hello")
        assert websocket.recv(5) == "hello"
        time.sleep(CLIENT_TIMEOUT + 1)  # no clock of the intake runs on
        websocket.send("still there")
        assert websocket.recv(5) == "still there"
