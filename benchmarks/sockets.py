"""How old a push is when it arrives: many sockets on one web process, each job changing once a second.

    python benchmarks/sockets.py [SECONDS]

The publisher and the clients are processes of their own. Promised: with 500 sockets 99 of 100 pushes are younger
than 250 ms; with 2,000, more than one process can send, none is older than 2 s, since the newest wins.
"""

import asyncio
import itertools
import json
import multiprocessing
import sys
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from websockets.asyncio.client import connect

from benchmarks.product import Product, serving, settled


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print("| sockets | arrived | of | median, ms | p99, ms | oldest, ms |\n|---|---|---|---|---|---|")
    with settled():
        for count in (500, 2000):
            with serving() as product:
                report(count, seconds, asyncio.run(watch_all(product, running_jobs(count), seconds)))


def running_jobs(count: int) -> list[uuid.UUID]:
    from jobs.models import Job
    from jobs.states import State
    from tests.builders import make_job

    Job.objects.all().delete()
    return [make_job(State.RUNNING).id for _ in range(count)]


async def watch_all(product: Product, job_ids: list[uuid.UUID], seconds: int) -> list[float]:
    """The age of each push, in seconds."""
    ages: list[float] = []
    opened, room = asyncio.Event(), asyncio.Semaphore(50)
    left = len(job_ids)

    async def watch(job_id: uuid.UUID) -> None:
        nonlocal left
        async with room:
            socket = await connect(f"ws://127.0.0.1:{product.port}/ws/jobs/{job_id}", open_timeout=120)
            await socket.recv()
        left -= 1
        if not left:
            opened.set()
        async for text in socket:
            age = time.time() - json.loads(text)["progress"]["sent"]
            ages.append(age)

    watching = [asyncio.create_task(watch(job_id)) for job_id in job_ids]
    await opened.wait()
    publisher = multiprocessing.get_context("fork").Process(target=publish, args=(job_ids, seconds))
    publisher.start()
    await asyncio.to_thread(publisher.join)
    await asyncio.sleep(3)
    for task in watching:
        task.cancel()
    await asyncio.wait(watching)
    return ages


def publish(job_ids: list[uuid.UUID], seconds: int) -> None:
    """Each job once a second, spread over it; nothing of the database, which is not what is measured."""
    asyncio.run(_publish(job_ids, seconds))


async def _publish(job_ids: list[uuid.UUID], seconds: int) -> None:
    from channels.layers import get_channel_layer

    from jobs.models import Job
    from jobs.push import group_of
    from jobs.snapshot import snapshot

    layer = get_channel_layer()
    document = snapshot(await Job.objects.afirst())
    began = time.monotonic()
    for number, job_id in zip(range(seconds * len(job_ids)), itertools.cycle(job_ids), strict=False):
        await asyncio.sleep(began + number / len(job_ids) - time.monotonic())
        fresh = {**document, "revision": 10 + number, "progress": {"phase": "encode", "sent": time.time()}}
        message = {"type": "job.changed", "revision": fresh["revision"], "snapshot": fresh}
        await layer.group_send(group_of(job_id), message)


def report(count: int, seconds: int, ages: list[float]) -> None:
    ages = sorted(1000 * age for age in ages)
    median, p99 = ages[len(ages) // 2], ages[len(ages) * 99 // 100]
    print(f"| {count} | {len(ages)} | {count * seconds} | {median:.0f} | {p99:.0f} | {ages[-1]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
