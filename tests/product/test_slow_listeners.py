"""A client that stops reading its socket costs a bounded memory, and goes on where it reads again."""

import time

import httpx
import pytest
from websockets.sync.client import connect

from tests.product.server_process import ServerProcess
from tests.product.stack import eventually

MOST = 16 * 1024 * 1024  # bytes: what the kernels of both sides buffer, and a little of ours


@pytest.fixture
def server():
    """Cuts off who takes nothing for three seconds."""
    server = ServerProcess("tests.product.talkative_app:application", CLIENT_TIMEOUT="3")
    server.start()
    yield server
    server.stop()


def said(server):
    """Bytes, and to how many sockets."""
    return [int(number) for number in httpx.get(server.url, timeout=20).text.split()]


def has_stopped(server):
    before, _ = said(server)
    time.sleep(0.3)
    return said(server)[0] == before > 0


def test_who_stops_reading_is_waited_for_and_then_cut_off(server):
    listener = connect(f"ws://127.0.0.1:{server.port}/", max_queue=1)
    listener.recv()
    eventually(lambda: has_stopped(server), timeout=30)
    stopped_at, _ = said(server)
    assert stopped_at < MOST

    while said(server)[0] == stopped_at:  # it reads again
        listener.recv()

    eventually(lambda: said(server)[1] == 0, timeout=60)
    assert said(server)[0] < 4 * MOST
    listener.close_timeout = 0.1
    listener.close()
