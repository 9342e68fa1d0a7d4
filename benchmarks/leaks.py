"""What polls and sockets leave behind: subscriptions in Redis, memory of the web process.

    python benchmarks/leaks.py [POLLS]

A quarter of the long polls (20,000 of them) asks for what is not there, a quarter for a finished job, a quarter is
ended by time and a quarter by news; then a tenth as many sockets are opened and closed. The first round of each warms
up, until every thread has asked the database once.
Promised: no subscription remains, and memory is where it was, within 5 MB.
"""

import asyncio
import contextlib
import itertools
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from websockets.asyncio.client import connect

from benchmarks.product import Product, serving, settled
from compressor.server.memory import EVERY

AT_ONCE = 90  # a busy server may see all of them connect before one asks, and closes what is idle beyond a hundred


def main() -> None:
    polls = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with settled(), serving() as product:
        from jobs.states import State
        from tests.builders import completed_job, make_job

        finished, waiting, moving = completed_job(), make_job(State.RUNNING), make_job(State.RUNNING)
        asks = [(uuid.uuid4(), 30), (finished.id, 30), (waiting.id, 1), (moving.id, 30)]
        print("| after | subscriptions | memory, MB | seconds |\n|---|---|---|---|")
        with news(moving):
            for name, count in [("warming up", polls // 4), (f"{polls} long polls", polls)]:
                tell(name, product, lambda count=count: long_polls(product, asks, count))
            for name, count in [("warming up", polls // 10), (f"{polls // 10} sockets", polls // 10)]:
                tell(name, product, lambda count=count: sockets(product, waiting.id, count))


def tell(name: str, product: Product, act) -> None:
    began = time.monotonic()
    asyncio.run(act())
    seconds = time.monotonic() - began
    time.sleep(EVERY + 5)  # Daphne looks for connections that ended once a second
    print(f"| {name} | {subscriptions()} | {product.web.memory_info().rss / 1e6:.1f} | {seconds:.0f} |", flush=True)


def subscriptions() -> int:
    from django_rq import get_connection

    return len(get_connection("encode").pubsub_channels("asgi*"))


@contextlib.contextmanager
def news(job) -> Iterator[None]:
    """The job reports four times a second, as a worker would."""
    from types import SimpleNamespace

    from jobs import lifecycle

    over = threading.Event()

    def report() -> None:
        while not over.wait(0.25):
            lifecycle.report(job, SimpleNamespace(as_dict=lambda: {"phase": "encode", "fraction": 0.5}))

    worker = threading.Thread(target=report)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()


async def long_polls(product: Product, asks: list, count: int) -> None:
    room, turn = asyncio.Semaphore(AT_ONCE), itertools.cycle(asks)
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=product.url, timeout=120, limits=limits) as client:

        async def poll() -> None:
            async with room:
                job_id, seconds = next(turn)
                answer = await client.get(f"/jobs/{job_id}", headers={"Prefer": f"wait={seconds}"})
                if answer.status_code not in {200, 202, 404}:
                    raise SystemExit(f"A poll was answered {answer.status_code}: {answer.text}")

        await asyncio.gather(*(poll() for _ in range(count)))


async def sockets(product: Product, job_id: uuid.UUID, count: int) -> None:
    room = asyncio.Semaphore(AT_ONCE // 4)

    async def watch() -> None:
        async with room, connect(f"ws://127.0.0.1:{product.port}/ws/jobs/{job_id}", open_timeout=120) as socket:
            await socket.recv()

    await asyncio.gather(*(watch() for _ in range(count)))


if __name__ == "__main__":
    main()
