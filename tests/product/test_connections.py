"""Nobody's connections lock others out, and what sockets send stays small: against a real server process."""

import os
import time

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.product.server_process import ServerProcess

APPLICATION = "tests.product.intake_app:application"
SLOW = b"GET /log HTTP/1.1\r\nHost: here\r\nX-Slow: "


@pytest.fixture(scope="module")
def server():
    running = ServerProcess(APPLICATION, CLIENT_TIMEOUT="60", MAX_CONNECTIONS_PER_ADDRESS="8")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def behind_proxy():
    running = ServerProcess(APPLICATION, CLIENT_TIMEOUT="60", MAX_CONNECTIONS_PER_ADDRESS="8", BEHIND_PROXY="true")
    running.start()
    yield running
    running.stop()


def address(server):
    return f"ws://127.0.0.1:{server.port}/"


def is_answered(server):
    with server.connect() as client:
        client.sendall(b"GET /log HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        return client.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "said", [b"", SLOW, b"GET /log HTTP/1.1\r\nHost: here\r\n\r\n"], ids=["silent", "slow", "kept"]
)
def test_three_hundred_idle_connections_lock_nobody_out_and_only_a_hundred_stay(server, said):
    before = psutil.Process(server.process.pid).num_fds()
    clients = []
    for _ in range(300):
        clients.append(server.connect())
        clients[-1].sendall(said)
        if said.endswith(b"\r\n\r\n"):
            clients[-1].recv(65536)
    assert is_answered(server)
    assert psutil.Process(server.process.pid).num_fds() - before <= 102
    assert _is_closed(clients[0])  # the one that was idle longest
    for client in clients:
        client.close()


def test_more_sockets_than_an_address_may_have_are_refused_in_words(server):
    sockets = [connect(address(server), legacy=True) for _ in range(8)]
    with pytest.raises(InvalidStatus) as refused:
        connect(address(server), legacy=True)
    answer = refused.value.response
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
    assert b"too_many_connections" in answer.body
    sockets.pop().close()
    _eventually(lambda: _opens(server))
    for each in sockets:
        each.close()
    _eventually(lambda: is_answered(server))


def test_behind_a_proxy_it_is_the_forwarded_address_that_counts(behind_proxy):
    def come_from(client):
        return connect(
            address(behind_proxy), legacy=True, additional_headers={"X-Forwarded-For": f"192.0.2.66, {client}"}
        )

    sockets = [come_from("198.51.100.7") for _ in range(8)]
    with pytest.raises(InvalidStatus):
        come_from("198.51.100.7")
    sockets.append(come_from("203.0.113.9"))
    for each in sockets:
        each.close()


@pytest.mark.parametrize(
    ("code", "times", "say"),
    [
        (1009, 1, lambda client: client.send("x" * 60_000)),
        (1008, 31, lambda client: client.send("x")),
        (1008, 31, lambda client: client.ping()),
    ],
    ids=["a large message", "many messages", "many pings"],
)
def test_what_a_socket_sends_is_bounded_in_size_and_pace(server, code, times, say):
    with connect(address(server)) as client, pytest.raises(ConnectionClosed) as closed:
        for _ in range(times):
            say(client)
        while True:
            client.recv(10)
    assert closed.value.rcvd.code == code


def test_a_flood_of_large_messages_stays_nowhere(server):
    before = psutil.Process(server.process.pid).memory_info().rss
    with connect(address(server)) as client, pytest.raises(ConnectionClosed):
        for _ in range(1000):
            client.send("x" * 60_000)
        while True:
            client.recv(10)
    assert psutil.Process(server.process.pid).memory_info().rss - before < 20_000_000


@pytest.mark.parametrize(
    ("first", "again"),
    [(b"", b"\x8a\x80"), (b"\x01\x80", b"\x00\x80")],
    ids=["pongs", "a message in many empty frames"],
)
def test_a_socket_that_floods_and_does_not_listen_when_it_is_closed_is_dropped(server, first, again):
    with server.connect() as client:
        client.sendall(
            b"GET / HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        client.recv(65536)
        mask = os.urandom(4)
        client.sendall(first + mask if first else b"")
        with pytest.raises(OSError):  # noqa: PT011  a broken pipe or a reset, whichever comes first
            for _ in range(200):
                client.sendall((again + mask) * 1000)
                time.sleep(0.01)


def _is_closed(client):
    client.settimeout(5)
    try:
        while client.recv(65536):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


def _opens(server):
    try:
        connect(address(server), legacy=True).close()
    except InvalidStatus:
        return False
    return True


def _eventually(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
