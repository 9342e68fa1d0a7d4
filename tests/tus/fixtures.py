"""The web process alone, without Redis or a worker: an upload needs neither."""

import subprocess
import sys

import pytest

from tests.server_process import ROOT, ServerProcess
from tests.tus.client import Tus


@pytest.fixture(scope="session")
def web(tmp_path_factory):
    data = tmp_path_factory.mktemp("tus")
    server = ServerProcess(
        "compressor.asgi:application",
        DATA_DIR=str(data),
        REDIS_URL=f"unix://{data}/no-redis.sock",
        MAX_UPLOAD_BYTES=str(2 * 10**9),
        MIN_FREE_BYTES="0",
        DJANGO_SETTINGS_MODULE="compressor.settings",
    )
    migrate = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(migrate, env=server.environment, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    server.data = data
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tus(web):
    return Tus(web)
