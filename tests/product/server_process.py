"""A real web process of ours for tests, that can be killed and started again on the same port."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.product.stack import free_port

ROOT = Path(__file__).resolve().parents[2]


class ServerProcess:
    def __init__(self, application: str, **environment: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | environment
        self.command = [sys.executable, "-m", "compressor.server", "-v", "0", "-p", str(self.port), application]

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment, cwd=ROOT)
        for _ in range(1200):  # two minutes; a loaded machine takes its time
            with contextlib.suppress(OSError), self.connect():
                return
            time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def kill(self) -> None:
        """As kill -9 does: nothing is tidied up."""
        self.process.kill()
        self.process.wait(60)

    def connect(self, timeout: float = 20) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout)
