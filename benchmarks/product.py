"""The product for a benchmark: a Redis and one web process on a database of their own, and nothing else."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from compressor import redis as redis_server

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Product:
    port: int
    web: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def settled(**environment: str) -> Iterator[None]:
    """This process and those below it get a data directory of their own, with a Redis there; Django is set up."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCHMARK_DIR")) as directory:
        names = {"DATA_DIR": directory, "MIN_FREE_BYTES": "0", "DJANGO_SETTINGS_MODULE": "compressor.settings"}
        os.environ |= names | environment
        os.environ.pop("REDIS_URL", None)
        subprocess.run([sys.executable, "manage.py", "prepare", "-v0"], cwd=ROOT, check=True)
        redis = subprocess.Popen(redis_server.command(Path(directory)), stdout=subprocess.DEVNULL)
        try:
            _set_up_django()
            yield
        finally:
            redis.terminate()
            redis.wait()


@contextmanager
def serving() -> Iterator[Product]:
    """One web process, as the Procfile starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "compressor.server", "-v", "0", "-p", str(port), "compressor.asgi:application"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(port)
        yield Product(port, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()


def _set_up_django() -> None:
    import django

    django.setup()


def _wait_for(port: int) -> None:
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
