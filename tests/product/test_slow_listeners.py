"""A client that stops reading its socket costs a bounded memory, is waited for, and then cut off."""

import time

import pytest

from tests.product.http import http
from tests.product.server_process import ServerProcess
from tests.product.stack import eventually

MOST = 16 * 1024 * 1024  # bytes: what the kernels of both sides buffer, and a little of ours
PATIENCE = 4  # seconds
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture
def server():
    server = ServerProcess("tests.product.talkative_app:application", CLIENT_TIMEOUT=str(PATIENCE))
    server.start()
    yield server
    server.stop()


def said(server):
    """Bytes, and to how many sockets."""
    return [int(number) for number in http.get(server.url, timeout=20).text.split()]


def has_stopped(server):
    before, _ = said(server)
    time.sleep(0.3)
    return said(server)[0] == before > 0


def test_who_stops_reading_is_waited_for_and_then_cut_off(server):
    with server.connect() as listener:
        listener.sendall(HANDSHAKE)
        eventually(lambda: has_stopped(server), timeout=30)
        stopped_at, _ = said(server)
        assert stopped_at < MOST

        while said(server)[0] == stopped_at:  # it reads again
            assert listener.recv(1024 * 1024)

        eventually(lambda: said(server)[1] == 0)
        assert said(server)[0] < 2 * MOST
