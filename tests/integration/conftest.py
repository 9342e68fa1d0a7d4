"""What the integration tests stand on besides a database: a Redis of their own."""

import subprocess
import time

import pytest
from django.conf import settings
from django.core.cache import caches

from compressor import redis as redis_server


@pytest.fixture(scope="session", autouse=True)
def redis_process():
    """A Redis on a socket in this run's data directory."""
    server = subprocess.Popen(redis_server.command(settings.DATA_DIR), stdout=subprocess.DEVNULL)
    while not redis_server.socket_path(settings.DATA_DIR).exists():
        assert server.poll() is None, "Redis did not start"
        time.sleep(0.05)
    yield
    server.terminate()
    server.wait()


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    """What one test counted, as this process remembers it, is not what the next one finds."""
    caches["totals"].clear()


@pytest.fixture
def redis():
    """The queue's own connection, to a Redis that is empty before and after."""
    from django_rq import get_connection  # needs Django to be set up

    connection = get_connection("encode")
    connection.flushall()
    yield connection
    connection.flushall()
