"""The real product as a user runs it, each process of the Procfile under its own name, on a free port."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

from tests.product.http import http

ROOT = Path(__file__).resolve().parents[2]
TIMES = {"JOB_LEASE": "60", "SWEEP_INTERVAL": "1"}  # seconds; on a loaded machine a healthy worker may be silent long
# All tests come from one address, which is not one owner's pace; tests/integration tries the limits themselves.
LIMITS = {"MAX_REQUESTS_PER_MINUTE": "0", "MAX_OPEN_UPLOADS": "100000", "MAX_QUEUED": "100000"}
POLITENESS = {"NICE": "0"}  # else tests would wait for whatever other work their machine has
APPLICATION = "compressor.asgi:application"
NAMES = ("redis", "web", "worker", "sweep")


class Stack:
    """Starts and kills processes by name. `kill` takes a process with all that is below it.

    A second of a kind has a number, as in "worker 2".
    """

    def __init__(self, data_dir: Path, **environment: str):
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        bin_dir = str(Path(sys.executable).parent)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DATABASE_URL"}},
            **TIMES,
            **LIMITS,
            **POLITENESS,
            "DATA_DIR": str(data_dir),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PATH": f"{bin_dir}:{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "compressor.settings",
            **environment,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Stack":
        self.manage("prepare")
        for name in NAMES:
            self.start(name)
        self.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed(list(self.processes)):
            self.kill(name)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def start(self, name: str, application: str = APPLICATION, **environment: str) -> None:
        """`application` in place of the web process's own, with `environment`, for a test of crashes."""
        environment = {**self.environment, **environment}
        command = [application if word == APPLICATION else word for word in _command(name, environment)]
        with self.log_path(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to the process and wait for its end; SIGKILL goes to everything below it too."""
        process = self.processes.pop(name, None)
        if process is None:
            return
        below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(number)
        process.wait(timeout=60)
        for child in below if number == signal.SIGKILL else []:
            _kill(child)

    def run_out_of_lease(self, job_id: str) -> None:
        """As if the job's worker had been silent for an hour, so that no test has to wait for its lease to end."""
        silent_since = "timezone.now() - timedelta(hours=1)"
        self.manage(
            "shell",
            "-v0",
            "-c",
            "from datetime import timedelta; from django.utils import timezone; from jobs.models import Job; "
            f"Job.objects.filter(pk='{job_id}').update(heartbeat_at={silent_since}, suspected_at={silent_since})",
        )

    def ffmpegs(self) -> list[psutil.Process]:
        """Every ffmpeg that works on this copy's files, whoever its parent is now."""
        return [process for process in psutil.process_iter() if str(self.data_dir) in _ffmpeg_words(process)]

    def log_path(self, name: str) -> Path:
        return self.data_dir / f"{name}.log"

    def logs(self, name: str) -> str:
        return self.log_path(name).read_text()

    def wait_until_ready(self, timeout: float = 120) -> None:
        eventually(lambda: _is_ready(self.url), timeout, lambda: self.logs("web") + self.logs("worker"))


def eventually(condition, timeout: float = 60, explain=lambda: "it did not come true in time"):
    """The condition's first true value; polls, since what is waited for happens in other processes."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(explain())


def _is_ready(url: str) -> bool:
    try:
        return http.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _command(name: str, environment: dict[str, str]) -> list[str]:
    """The Procfile's line, without the supervisor: a killed process stays dead until the test starts it."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines() if line)
    words = shlex.split(lines[name.split(maxsplit=1)[0]].removeprefix("exec "))
    return [environment[word[1:]] if word.startswith("$") else word for word in words]


def _ffmpeg_words(process: psutil.Process) -> str:
    try:
        words = process.cmdline()
    except psutil.Error:
        return ""
    return " ".join(words) if words and "ffmpeg" in Path(words[0]).name else ""


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
