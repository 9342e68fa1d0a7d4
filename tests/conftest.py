"""What all tests stand on: a data directory and a Redis of their own, and real videos."""

import atexit
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from compressor import redis as redis_server
from tests.product.stack import Stack
from tests.product.tus.fixtures import node, tus, web  # noqa: F401  (fixtures)

ROOT = Path(__file__).resolve().parent.parent
MEDIA = Path(os.environ.get("MEDIA_DIR", ROOT.parent / "shared" / "media"))
ON_CI = os.environ.get("CI") == "true"


def pytest_configure() -> None:
    """A Redis on a socket in this run's data directory."""
    data_dir = settings.DATA_DIR
    server = subprocess.Popen(redis_server.command(data_dir), stdout=subprocess.DEVNULL)
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    atexit.register(server.wait)
    atexit.register(server.terminate)
    while not redis_server.socket_path(data_dir).exists():
        assert server.poll() is None, "Redis did not start"
        time.sleep(0.05)


def pytest_terminal_summary(terminalreporter) -> None:
    """What did not run is said plainly."""
    left_out = terminalreporter.stats.get("skipped", [])
    if left_out:
        terminalreporter.section("Left out")
        for report in left_out:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")


def pytest_sessionfinish(session, exitstatus) -> None:
    """On CI nothing may be left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if ON_CI and exitstatus == pytest.ExitCode.OK and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def media() -> Path:
    """Real videos; their README says what each one is."""
    if not MEDIA.is_dir():
        pytest.skip(f"the videos are not at {MEDIA}; name their place as MEDIA_DIR")
    return MEDIA


@pytest.fixture
def redis():
    """The queue's own connection, to a Redis that is empty before and after."""
    from django_rq import get_connection  # needs Django to be set up

    connection = get_connection("encode")
    connection.flushall()
    yield connection
    connection.flushall()


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The real product, running: web, worker, sweep and Redis."""
    with Stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
