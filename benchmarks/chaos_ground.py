"""What the product is and stands on in `chaos.py`: a small disk, a database, its processes; all can be hurt."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
DISK_BYTES = 512 * 1024**2
MIN_FREE_BYTES = 64 * 1024**2
LEASE = 15  # seconds
WORKERS = 2


@contextmanager
def small_disk(directory: Path) -> Iterator[bool]:
    """A file system of its own where this user may mount one. Answers whether there is one."""
    directory.mkdir(mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0700", "tmpfs", directory], check=False
    ).returncode
    try:
        yield not mounted
    finally:
        if not mounted:
            subprocess.run(["umount", "--lazy", directory], check=False)


class Sqlite:
    def __init__(self, data_dir: Path):
        self.path, self.url = data_dir / "db.sqlite3", ""

    def hurt(self, seconds: float, how: str) -> None:
        """Another writer holds the lock."""
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(self.path, timeout=5)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            time.sleep(seconds)
            connection.rollback()

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5)

    HOWS = ("locked",)

    def stop(self) -> None:
        """It has no process."""


class Postgresql:
    """Debian's programs, a cluster in a directory of its own; as the user postgres where this is root."""

    HOWS = ("restarted fast", "restarted immediately", "killed", "stopped")
    SIGNALS = {"restarted fast": signal.SIGINT, "restarted immediately": signal.SIGQUIT, "killed": signal.SIGKILL}

    def __init__(self, directory: Path):
        self.directory, self.port = directory, free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
        self.programs = programs[-1]
        directory.mkdir(mode=0o700)
        if self.account:
            os.chown(directory, *self._ids())
        initdb = [self.programs / "initdb", "-D", directory / "cluster", "-U", "postgres", "-A", "trust", "--no-sync"]
        subprocess.run(initdb, check=True, cwd=directory, stdout=subprocess.DEVNULL, **self.account)
        self.start()

    def start(self) -> None:
        """Tried again while what is left of a killed one ends."""
        command = [self.programs / "postgres", "-D", self.directory / "cluster", "-k", self.directory]
        command += ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1"]
        while True:
            with (self.directory / "log").open("ab") as log:
                self.server = subprocess.Popen(command, cwd=self.directory, stdout=log, stderr=log, **self.account)
            while self.server.poll() is None:
                if self._answers():
                    return
                time.sleep(0.1)
            time.sleep(0.5)

    def hurt(self, seconds: float, how: str) -> None:
        if how == "stopped":
            server = psutil.Process(self.server.pid)
            family = [server, *server.children()]
            tell(family, signal.SIGSTOP)
            time.sleep(seconds)
            tell(family, signal.SIGCONT)
            return
        self.server.send_signal(self.SIGNALS[how])
        self.server.wait()
        time.sleep(seconds)
        self.start()

    def connect(self):
        import psycopg

        return psycopg.connect(self.url, connect_timeout=2, autocommit=True)

    def stop(self) -> None:
        self.server.send_signal(signal.SIGINT)
        self.server.wait()

    def _answers(self) -> bool:
        asked = [self.programs / "pg_isready", "--quiet", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    @staticmethod
    def _ids() -> tuple[int, int]:
        import pwd

        user = pwd.getpwnam("postgres")
        return user.pw_uid, user.pw_gid


class Product:
    """Started as bin/run does, without installing anything; started again when it ends, as systemd would."""

    def __init__(self, data_dir: Path, database_url: str, log: Path):
        self.data_dir, self.log, self.port = data_dir, log, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        left_out = {"REDIS_URL", "DATABASE_URL"}
        self.environment = {name: value for name, value in os.environ.items() if name not in left_out} | {
            "DATA_DIR": str(data_dir),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "compressor.settings",
            "WORKERS": str(WORKERS),
            "JOB_LEASE": str(LEASE),
            "SWEEP_INTERVAL": "1",
            "MIN_FREE_BYTES": str(MIN_FREE_BYTES),
            **({"DATABASE_URL": database_url} if database_url else {}),
        }
        self.starts, self._over, self._main = 0, threading.Event(), None
        self._keeper = threading.Thread(target=self._keep)

    def __enter__(self) -> "Product":
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        """As Ctrl-C would."""
        self._over.set()
        if self._main:
            self._main.terminate()
        self._keeper.join()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *arguments]
        with self.log.open("ab") as log:
            return subprocess.run(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, check=False)

    def processes(self) -> dict[str, list[psutil.Process]]:
        """By what they are; whoever their parents are now."""
        found: dict[str, list[psutil.Process]] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                words = " ".join(process.cmdline())
                if process.pid != os.getpid() and self._is_ours(process, words) and (what := _what(process, words)):
                    found.setdefault(what, []).append(process)
        return found

    def _keep(self) -> None:
        command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "compressor.supervisor"]
        command += ["web", f"worker={WORKERS}", "sweep", "redis"]
        os.umask(0o077)
        while not self._over.is_set():
            if self.manage("prepare", "--patience", "15").returncode == 0:
                with self.log.open("ab") as log:
                    self._main = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
                self.starts += 1
                if self._over.is_set():
                    self._main.terminate()
                self._main.wait()
            self._over.wait(1)

    def _is_ours(self, process: psutil.Process, words: str) -> bool:
        return str(self.data_dir) in words or process.environ().get("DATA_DIR") == str(self.data_dir)


def _what(process: psutil.Process, words: str) -> str:
    """A worker leads a session of its own; that is how it differs from its work-horse."""
    if "manage.py work" in words:
        return "worker" if os.getsid(process.pid) == process.pid else "work-horse"
    names = {"compressor.supervisor": "supervisor", "compressor.server": "web", "manage.py sweep": "sweep"}
    names |= {"redis-server": "redis", "jobs/inspection": "probe", "ffmpeg": "ffmpeg"}
    return next((name for part, name in names.items() if part in words), "")


def tell(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
