"""The faults of `chaos.py`: each is one row of a table, happens at random, and is healed again."""

import contextlib
import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
from redis import Redis
from redis.exceptions import RedisError

from benchmarks.chaos_ground import LEASE, MIN_FREE_BYTES, Product, tell

PAUSE = (1.0, 4.0)  # seconds between two faults
OUTAGE = (1.0, 20.0)  # of a database
SHORTAGE = (3.0, 15.0)  # of room
STANDSTILL = (1.0, 20.0)  # of a process that is stopped
KILLED = {
    "web": 2,
    "worker": 2,
    "work-horse": 3,
    "ffmpeg": 3,
    "probe": 2,
    "sweep": 2,
    "redis": 2,
    "supervisor": 1,
}
STOPPED = {"web": 1, "worker": 1, "work-horse": 2, "ffmpeg": 2, "probe": 1, "sweep": 1, "redis": 1, "supervisor": 0.5}


class Faults:
    """`hurt` are the pids of work-horses that may fall silent: killed, stopped for as long as a lease, or at all
    while the database or the disk is out of reach as well.
    """

    def __init__(self, product: Product, database, *, has_disk: bool):
        self.product, self.database = product, database
        self.counts: Counter[str] = Counter()
        self.hurt: dict[int, str] = {}
        self.began = time.monotonic()
        self._healing: list[threading.Thread] = []
        self._busy: set[str] = set()
        self._ballast = product.data_dir / "ballast"
        table: dict[Callable[[], None], float] = {self.flush: 2, self.hurt_database: 3}
        if has_disk:
            table |= {lambda: self.fill(MIN_FREE_BYTES // 2): 2, lambda: self.fill(0): 2}
        table |= {lambda name=name: self.kill(name): weight for name, weight in KILLED.items()}
        table |= {lambda name=name: self.stop(name): weight for name, weight in STOPPED.items()}
        self._table = table

    def rage(self, until: Callable[[], bool]) -> None:
        while not until():
            random.choices(list(self._table), list(self._table.values()))[0]()
            time.sleep(random.uniform(*PAUSE))

    def heal(self) -> None:
        """Everything that was begun ends."""
        for thread in self._healing:
            thread.join()

    def kill(self, name: str) -> None:
        if process := self._one(name):
            if name in {"work-horse", "worker", "supervisor"}:
                self._note_hurt(name, process)
            self._note(f"SIGKILL {name}", process.pid)
            tell([process], signal.SIGKILL)

    def stop(self, name: str) -> None:
        process = self._one(name)
        if not process:
            return
        seconds = random.uniform(*STANDSTILL)
        if name == "work-horse" and (seconds > LEASE - 2 or self._busy):
            self.hurt[process.pid] = "stopped"
        self._note(f"SIGSTOP {name}", f"{process.pid} for {seconds:.1f} s")
        tell([process], signal.SIGSTOP)

        def go_on() -> None:
            time.sleep(seconds)
            if name == "work-horse" and self._busy:  # it stood still while it could not have told anybody anyway
                self.hurt[process.pid] = "stopped"
            tell([process], signal.SIGCONT)

        self._meanwhile(go_on)

    def flush(self) -> None:
        try:
            Redis(unix_socket_path=str(self.product.data_dir / "redis.sock"), socket_timeout=2).flushall()
            self._note("FLUSHALL")
        except RedisError:
            return

    def hurt_database(self) -> None:
        how, seconds = random.choice(self.database.HOWS), random.uniform(*OUTAGE)
        self._once("database", f"database {how}", seconds, lambda: self.database.hurt(seconds, how))

    def fill(self, leave: int) -> None:
        seconds = random.uniform(*SHORTAGE)

        def shortage() -> None:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                _fill(self._ballast, leave)
                time.sleep(0.5)
            self._ballast.unlink(missing_ok=True)

        self._once("disk", "disk nearly full" if leave else "disk full", seconds, shortage)

    def _once(self, what: str, words: str, seconds: float, act: Callable[[], None]) -> None:
        """Not while the last one lasts."""
        if what in self._busy:
            return
        self._busy.add(what)
        self._note(words, f"for {seconds:.1f} s")

        def run() -> None:
            try:
                act()
            finally:
                self._busy.discard(what)

        self._meanwhile(run)

    def _meanwhile(self, act: Callable[[], None]) -> None:
        thread = threading.Thread(target=act)
        thread.start()
        self._healing.append(thread)

    def _one(self, name: str) -> psutil.Process | None:
        there = self.product.processes().get(name, [])
        return random.choice(there) if there else None

    def _note_hurt(self, name: str, process: psutil.Process) -> None:
        """A work-horse whose worker ends hands its job back, if the database can be reached just then."""
        horses = [process] if name == "work-horse" else self.product.processes().get("work-horse", [])
        self.hurt |= {horse.pid: f"{name} was killed" for horse in horses}

    def _note(self, words: str, details: object = "") -> None:
        self.counts[words] += 1
        print(f"{time.strftime('%H:%M:%S')} {words} {details}", flush=True)


def _fill(path: Path, leave: int) -> None:
    """Beside what is there already, and what is made meanwhile."""
    with path.open("ab") as file, contextlib.suppress(OSError):
        while (free := shutil.disk_usage(path.parent).free - leave) >= 4096:
            os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, free)
