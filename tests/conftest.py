"""What all tests stand on: real videos, the running product, and a plain word for what was left out."""

import atexit
import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests import postgresql
from tests.media import Media
from tests.product.nodejs import NODE
from tests.product.stack import Stack
from tests.product.tus.fixtures import node, tus, web  # noqa: F401  (fixtures)

ROOT = Path(__file__).resolve().parent.parent
ON_CI = os.environ.get("CI") == "true"

if NODE is not None:  # Playwright's own wants a library that a bare Debian lacks
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))


def pytest_configure() -> None:
    atexit.register(shutil.rmtree, settings.DATA_DIR, ignore_errors=True)


def pytest_report_header() -> str:
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_collection_modifyitems(items) -> None:
    """No test passes for one on PostgreSQL that did not run there."""
    if os.environ.get("TEST_DATABASE") == "postgresql" and postgresql.WHY_NOT:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"not tried on PostgreSQL: {postgresql.WHY_NOT}"))


def pytest_terminal_summary(terminalreporter) -> None:
    """What did not run is said plainly."""
    left_out = terminalreporter.stats.get("skipped", [])
    if left_out:
        terminalreporter.section("Left out")
        for report in left_out:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")


def pytest_sessionfinish(session, exitstatus) -> None:
    """On CI nothing may be left out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # None in one of several processes
    if ON_CI and exitstatus == pytest.ExitCode.OK and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def media(tmp_path_factory) -> Media:
    """Real videos; tests/media.py says what each one is. Of several processes each finds what another made."""
    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "media"
    directory.mkdir(exist_ok=True)
    return Media(directory)


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The real product, running: web, worker, sweep and Redis."""
    with Stack(tmp_path_factory.mktemp("stack")) as running:
        yield running
