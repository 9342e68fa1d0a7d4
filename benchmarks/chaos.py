"""Does anything get lost, doubled, wrong or left behind while everything is killed, stopped, emptied and filled up?

    python benchmarks/chaos.py [--minutes 10] [--jobs 100] [--database sqlite|postgresql] [--seed N]

The product runs as the Procfile says, in a DATA_DIR of its own: on a small disk, where this user may mount one (else
the faults of the disk are left out), and with a PostgreSQL of its own. Polite clients submit short clips, follow them
to their ends, and run again what failed retryably. When the time is up everything is healed; what is not done when no
job has ended for some minutes is lost.

With `PIECE_SECONDS=1` in the environment, most of the clips are made in pieces.

Promised of 10 minutes and 100 jobs: 0 lost, 0 doubled, 0 wrong, 0 orphans (processes, files, keys, subscriptions), and
no worker is given up that lives. The exit status says whether that was kept.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.chaos_clients import Clients
from benchmarks.chaos_faults import Faults
from benchmarks.chaos_ground import Postgresql, Product, Sqlite, small_disk
from benchmarks.chaos_judge import Judge, left_behind
from jobs.encoding import ffmpeg_binary

CLIPS = {1.0: "320x240", 1.4: "480x270", 2.0: "480x270", 2.4: "640x360", 3.0: "320x240"}  # seconds: size
FPS = 25
AFTERWARDS = 300.0  # seconds in which one more job must end when all is healed


def main() -> int:
    asked = _arguments()
    random.seed(asked.seed)
    print(f"seed {asked.seed}, {asked.database}, {asked.minutes} minutes, {asked.jobs} jobs", flush=True)
    directory = Path(tempfile.mkdtemp(prefix="compressor-chaos-", dir=asked.directory))
    directory.chmod(0o711)  # PostgreSQL's user passes through
    clips = {_clip(directory, seconds, size): round(seconds * FPS) for seconds, size in CLIPS.items()}
    with small_disk(directory / "data") as has_disk:
        database = Postgresql(directory / "pg") if asked.database == "postgresql" else Sqlite(directory / "data")
        product = Product(directory / "data", database.url, directory / "log")
        try:
            with product:
                verdict = _run(asked, product, database, clips, has_disk=has_disk)
            verdict["orphans"] += left_behind(directory / "data", product)
        finally:
            database.stop()
    for promise, broken in verdict.items():
        print(f"{promise}: {len(broken)}", *broken, sep="\n    ")
    print(f"The product's own words: {directory / 'log'}")
    return int(any(verdict.values()))


def _run(asked: argparse.Namespace, product: Product, database, clips: dict[Path, int], *, has_disk: bool) -> dict:
    _wait_until_ready(product)
    clients, faults = Clients(product.url, clips), Faults(product, database, has_disk=has_disk)
    with Judge(product, database, faults, clients) as judge:
        end = time.monotonic() + asked.minutes * 60
        ordering = threading.Thread(target=clients.order, args=(asked.jobs, asked.minutes * 60 * 0.9))
        ordering.start()
        faults.rage(until=lambda: time.monotonic() > end)
        faults.heal()
        print(f"{time.strftime('%H:%M:%S')} all is healed", flush=True)
        ordering.join()
        clients.wait(AFTERWARDS)
        _wait_until_ready(product)
        time.sleep(5)
        verdict = judge.verdict()
        rows = judge.rows()
    print("faults:", sum(faults.counts.values()), dict(faults.counts.most_common()))
    print("clients were told:", dict(clients.told.most_common()))
    print(
        "jobs:", len(rows), dict(Counter(row[1] for row in rows)), "attempts:", dict(Counter(row[2] for row in rows))
    )
    print("ended retryably, and run again:", dict(Counter(code for order in clients.orders for code in order.ends)))
    print("workers lost by a fault:", judge.lost_by_faults, "starts of the product:", product.starts)
    return verdict


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--directory", help="where to make its own directory; /tmp")
    return parser.parse_args()


def _clip(directory: Path, seconds: float, size: str) -> Path:
    path = directory / f"{seconds}.mp4"
    picture = f"testsrc2=size={size}:rate={FPS}:duration={seconds},noise=alls=12:allf=t"
    sound = f"sine=frequency=440:duration={seconds}"
    command = [ffmpeg_binary(), "-loglevel", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
    subprocess.run(
        [*command, "-c:v", "libx264", "-crf", "12", "-g", str(FPS), "-pix_fmt", "yuv420p", path], check=True
    )
    return path


def _wait_until_ready(product: Product) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{product.url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"It does not become ready: see {product.log}")


if __name__ == "__main__":
    sys.exit(main())
