"""The judge of `chaos.py`: watches rows and processes while it lasts, and looks at everything when it is over."""

import os
import re
import threading
import time
import uuid
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import psutil
from redis import Redis

from benchmarks.chaos_clients import Clients
from benchmarks.chaos_faults import Faults
from benchmarks.chaos_ground import Product

LOOK_EVERY = 0.5  # seconds
ATTEMPT = re.compile(r"/jobs/([0-9a-f-]{36})/(attempt-\d+)/")
ROWS = "SELECT id, state, attempt, losses, worker, error_code, client_job_id FROM jobs_job"
CUT_OFF = 2 * 3600  # seconds; older than what the sweep spares because a row may yet come
STANDING = re.compile(
    r"rq:(workers|queues|queue:|worker:|suspended|clean_registries|wip:|failed:|canceled:|finished:)|:1:|compressor:"
)


class Judge:
    """`seen` is which worker had which attempt, as far as that was seen between two outages."""

    def __init__(self, product: Product, database, faults: Faults, clients: Clients):
        self.product, self.database, self.faults, self.clients = product, database, faults, clients
        self.seen: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.losses: dict[str, int] = defaultdict(int)
        self.lost_while_alive: list[str] = []
        self.lost_by_faults = 0
        self.doubled: set[str] = set()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> "Judge":
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()

    def rows(self) -> list[tuple]:
        with closing(self.database.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(ROWS)
            return [(str(uuid.UUID(str(row[0]))), *row[1:]) for row in cursor.fetchall()]

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self._look_for_doubles()
            try:
                rows = self.rows()
            except Exception:  # noqa: BLE001, S112  of either database: it is away just now
                continue
            for job_id, state, attempt, losses, worker, *_ in rows:
                if state == "running":
                    self.seen[job_id, attempt].add(worker)
                if losses > self.losses[job_id]:
                    self._note_loss(job_id, attempt)
                self.losses[job_id] = losses

    def _note_loss(self, job_id: str, attempt: int) -> None:
        """Of the attempt before; a job that failed by its losses keeps its attempt."""
        workers = self.seen.get((job_id, attempt - 1)) or self.seen.get((job_id, attempt)) or set()
        pids = {int(worker.rpartition(":")[2]) for worker in workers}
        if pids & self.faults.hurt.keys():
            self.lost_by_faults += 1
        else:
            alive = [pid for pid in pids if psutil.pid_exists(pid)]
            self.lost_while_alive.append(
                f"{time.strftime('%H:%M:%S')} {job_id} {attempt} {pids or 'unseen'} alive: {alive}"
            )

    def _look_for_doubles(self) -> None:
        """Two work-horses at one attempt: each child names the attempt that it works for."""
        parents = defaultdict(set)
        for process in self.product.processes().get("ffmpeg", []):
            try:
                if found := ATTEMPT.search(" ".join(process.cmdline())):
                    parents[found.groups()].add(process.ppid())
            except psutil.Error:
                continue
        self.doubled |= {f"{job} {attempt}" for (job, attempt), found in parents.items() if len(found) > 1}

    # When it is over, and the product still runs.

    def verdict(self) -> dict[str, list[str]]:
        """Of each promise, what breaks it."""
        rows = {row[0]: row for row in self.rows()}
        orders = self.clients.orders
        by_name: dict[str, list[str]] = defaultdict(list)
        for row in rows.values():
            by_name[row[6]].append(row[0])
        lost = [
            f"{order.id or order.client_job_id} {_state(rows, order.id)} after {order.ends}"
            for order in orders
            if not order.completed
        ]
        doubled = [*self.doubled, *(f"{name}: {ids}" for name, ids in by_name.items() if len(ids) > 1)]
        wrong = [f"{order.id} {words}" for order in orders for words in order.wrong]
        wrong += [f"{count} x {told}" for told, count in self.clients.told.items() if told.startswith("500")]
        return {
            "lost": lost,
            "doubled": doubled + self._stray_results(rows),
            "wrong": wrong,
            "orphans": [*self._stray_files(rows), *self._stray_processes(), *self._stray_keys()],
            "worker_lost though it lived": self.lost_while_alive,
        }

    def _stray_results(self, rows: dict) -> list[str]:
        """Every completed job has one result, that of its attempt, and nothing else but its source."""
        wanted = {job_id: {f"result-{row[2]}"} for job_id, row in rows.items() if row[1] == "completed"}
        homes = self.product.data_dir / "media" / "jobs"
        return [
            f"{job_id} has {found}"
            for job_id, names in wanted.items()
            if (found := {entry.name for entry in (homes / job_id).iterdir()} - {"source"}) != names
        ]

    def _stray_files(self, rows: dict) -> list[str]:
        """Those of no row are left to the sweep for an hour, which is shortened here."""
        homes = self.product.data_dir / "media" / "jobs"
        ownerless = [home for home in homes.iterdir() if home.name not in rows]
        long_ago = time.time() - CUT_OFF
        for home in ownerless:
            os.utime(home, (long_ago, long_ago))
        time.sleep(10)
        left = [home for home in ownerless if home.exists()]
        left += [path for path in homes.glob("*/*") if path.name.startswith(("attempt-", "staging-"))]
        left += list((self.product.data_dir / "media" / "incoming").iterdir())
        return [f"file {path}" for path in left]

    def _stray_processes(self) -> list[str]:
        there = self.product.processes()
        return [
            f"process {name} {process.pid}"
            for name in ("ffmpeg", "probe", "work-horse")
            for process in there.get(name, [])
        ]

    def _stray_keys(self) -> list[str]:
        """But for entries whose end Redis was not told of: RQ finds them by its registry, within ten minutes."""
        redis = Redis(unix_socket_path=str(self.product.data_dir / "redis.sock"), decode_responses=True)
        told = {f"rq:job:{member.partition(':')[0]}" for member in redis.zrange("rq:wip:encode", 0, -1)}
        lasting = [key for key in redis.scan_iter() if not STANDING.match(key) and redis.ttl(key) == -1]
        subscriptions = [f"subscription {name}" for name in redis.pubsub_channels("asgi*")]
        return [f"key {key}" for key in lasting if key not in told] + subscriptions


def left_behind(data_dir: Path, product: Product) -> list[str]:
    """When the product has ended: processes that did not."""
    deadline = time.monotonic() + 10
    while (there := product.processes()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return [f"process {name} {process.pid} after the end" for name, found in there.items() for process in found]


def _state(rows: dict, job_id: str) -> str:
    return " ".join(map(str, rows[job_id][1:6])) if job_id in rows else "no row"
