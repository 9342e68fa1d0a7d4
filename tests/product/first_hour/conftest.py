"""A newcomer's clone: the code in a folder of its own, its packages already installed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from tests.conftest import ROOT
from tests.product.http import http
from tests.product.stack import eventually, free_port

CODE = ("bin", "compressor", "jobs", "static", "templates", "manage.py", "Procfile", "requirements.lock")


class Clone:
    """Runs the scripts of a clone, each in a process group of its own, as a terminal does."""

    def __init__(self, home: Path, data_dir: Path):
        self.home, self.data_dir, self.port = home, data_dir, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[str]] = []

    def environment(self, **changes: str) -> dict[str, str]:
        own = {"REDIS_URL", "DATABASE_URL", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE", "HOST"}
        kept = {name: value for name, value in os.environ.items() if name not in own}
        path = f"{sys.prefix}/bin:{os.environ['PATH']}"
        return (
            kept
            | {"VENV_DIR": sys.prefix, "PATH": path}
            | {"DATA_DIR": str(self.data_dir), "PORT": str(self.port)}
            | changes
        )

    def start(self, command: str = "bin/run", **changes: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            ["sh", "-c", command],
            cwd=self.home,
            env=self.environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=end_as_usual,  # noqa: PLW1509  the tests have one thread
        )
        self.processes.append(process)
        return process

    def run(self, command: str = "bin/run", **changes: str) -> tuple[int, str]:
        """For what ends by itself: its status and all that it said."""
        process = self.start(command, **changes)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said

    def wait_until_ready(self) -> None:
        eventually(lambda: self.answers("/readyz"), 60, lambda: f"not ready: {self.running()}")

    def answers(self, path: str = "/healthz") -> bool:
        try:
            return http.get(self.url + path).status_code == 200
        except httpx.TransportError:
            return False

    def running(self) -> list[str]:
        """The commands of whatever still runs for this clone."""
        return list(self.commands().values())

    def one_of(self, name: str) -> psutil.Process | None:
        return next((process for process, command in self.commands().items() if name in command), None)

    def commands(self) -> dict[psutil.Process, str]:
        """Redis writes its title over its environment, and names its socket there."""
        found = {}
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                command = " ".join(process.cmdline())
                is_redis = "redis-server" in command and str(self.data_dir) in command
                if is_redis or process.environ().get("DATA_DIR") == str(self.data_dir):
                    found[process] = command
        return found

    def wait_until_all_ended(self) -> None:
        eventually(lambda: not self.running(), 30, lambda: f"still running: {self.running()}")

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        self.wait_until_all_ended()


def end_as_usual() -> None:
    """Whoever runs the tests under nohup, or in the background, passes on that signals are ignored."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def clone_at(tmp_path):
    clones = []

    def make(home: str = "clone", data_dir: str = "data") -> Clone:
        target = tmp_path / home
        target.mkdir(parents=True)
        for name in CODE:
            source = ROOT / name
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, target / name)
        clones.append(Clone(target, tmp_path / data_dir))
        return clones[-1]

    yield make
    for clone in clones:
        clone.end()


@pytest.fixture
def clone(clone_at):
    return clone_at()
