"""What a request costs once much is kept: 100,000 rows, 10,000 of them with a result, all of one browser.

    python benchmarks/rows.py [sqlite|postgresql] [ROWS]

Milliseconds of CPU, the median of many, so that load on the machine matters less: of this process, which answers
by Django's own test client, and of the database's, where that is another. The goals are in `GOALS`.
"""

import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.product import settled
from tests import postgresql

GOALS = {  # milliseconds
    "poll, queued": 10,
    "poll, running": 10,
    "poll, completed": 10,
    "poll, completed, 304": 10,
    "poll, expired": 10,
    "home": 40,
    "home, of those done": 40,
    "list of 100": 20,
    "/metrics": 10,
    "admin list": 300,
    "a round of the sweep": 100,
}
KEPT, WAITING = 0.1, 0.01  # of all rows
BATCH = 40  # jobs that came together
REPEATED = 15


def main() -> None:
    database = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with settled(**({"DATABASE_URL": postgresql.start()} if database == "postgresql" else {})):
        from django.test import Client

        browser = Client(headers={"host": "localhost"})
        browser.get("/")
        fill(rows, name_of(browser))
        print(f"{database}, {rows} rows\n\n| what | CPU, ms | goal, ms |\n|---|---|---|")
        for name, ask in requests(browser):
            print(f"| {name} | {cost(ask):.1f} | {GOALS[name]} |", flush=True)


def fill(rows: int, visitor: str) -> None:
    """The oldest were forgotten, then come those with results; the newest wait, but for one that runs."""
    from django.db import connection

    from jobs.models import Job
    from jobs.states import State

    ended = [State.EXPIRED] * 8 + [State.CANCELED, State.FAILED]
    for start in range(0, rows, 5000):
        jobs = []
        for number in range(start, min(start + 5000, rows)):
            left = 1 - number / rows
            if left > KEPT + WAITING:
                jobs.append(row(visitor, random.choice(ended), rows - number))
            elif left > WAITING:
                jobs.append(row(visitor, State.COMPLETED, rows - number))
            else:
                jobs.append(row(visitor, State.QUEUED if number < rows - 1 else State.RUNNING, rows - number))
        Job.objects.bulk_create(jobs)
    keep_files()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CHECKPOINT")  # vacuum marks no page as visible to all whose commit is not on the disk yet
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


def row(visitor: str, state, age: int):
    from django.utils import timezone

    from jobs.encoding import parse_options
    from jobs.models import Job
    from jobs.states import State

    then = timezone.now() - timedelta(seconds=age)
    has_result = state in (State.COMPLETED, State.EXPIRED)
    return Job(
        id=uuid.uuid4(),
        client_job_id=str(uuid.uuid4()),
        visitor=visitor,
        state=state,
        filename=f"holiday {age}.mov",
        size=50_000_000 + age,
        options=parse_options({}).as_dict(),
        source={"duration": 60.0, "width": 1920, "height": 1080, "video_codec": "h264", "container": "mov"},
        result=RESULT if has_result else None,
        saved_bytes=40_000_000 + age if has_result else 0,
        batch=f"evening-{age // BATCH}",
        outcome="compressed" if has_result else "",
        error_code="encode_failed" if state == State.FAILED else "",
        log="frame= 1800 fps=120 q=28.0 size= 10000kB time=00:01:00.00\n" * (30 if state in ENDED else 0),
        created_at=then,
        queued_at=then,
        started_at=None if state == State.QUEUED else then,
        finished_at=then + timedelta(seconds=30) if state in ENDED else None,
        expires_at=timezone.now() + timedelta(hours=1 if state == State.COMPLETED else 0) if state in ENDED else None,
        files_deleted_at=then if state in ENDED and state != State.COMPLETED else None,
    )


ENDED = {"completed", "expired", "canceled", "failed"}
RESULT = {
    "size": 10_000_000,
    "extension": "mp4",
    "content_type": "video/mp4",
    "duration": 60.0,
    "width": 1920,
    "height": 1080,
    "video_codec": "h264",
    "vmaf": 95.1,
    "notes": [],
    "pictures": {
        "poster": "poster-result.jpg",
        "frames": [{"source": f"frame-{n}-source.jpg", "result": f"frame-{n}-result.jpg"} for n in range(3)],
    },
}


def keep_files() -> None:
    """A directory for each kept job, as old as a finished one's."""
    from django.conf import settings

    from jobs.models import Job

    long_ago = time.time() - 7200
    for job_id in Job.objects.kept().values_list("pk", flat=True):
        home = Path(settings.MEDIA_ROOT) / "jobs" / str(job_id)
        home.mkdir(parents=True)
        os.utime(home, (long_ago, long_ago))


def requests(browser) -> Iterator[tuple[str, Callable[[], object]]]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from jobs.models import Job
    from jobs.states import State
    from jobs.sweep import sweep

    admin = Client(headers={"host": "localhost"})
    admin.force_login(get_user_model().objects.create_superuser("operator"))

    def get(path: str, client=browser, expected: int = 0, **headers: str) -> Callable[[], object]:
        def ask() -> None:
            answer = client.get(path, headers=headers)
            if expected and answer.status_code != expected:
                raise SystemExit(f"{path} was answered {answer.status_code}: {answer.content[:500]!r}")

        return ask

    for state in (State.QUEUED, State.RUNNING, State.COMPLETED, State.EXPIRED):
        address = f"/jobs/{Job.objects.filter(state=state).first().id}"
        yield f"poll, {state}", get(address)
        if state == State.COMPLETED:
            yield "poll, completed, 304", get(address, expected=304, **{"If-None-Match": browser.get(address)["ETag"]})
    yield "home", get("/", expected=200)
    yield "home, of those done", get("/?show=done", expected=200)
    yield "list of 100", get("/jobs?limit=100", expected=200)
    yield "/metrics", get("/metrics", expected=200)
    yield "admin list", get("/admin/jobs/job/", admin, expected=200)
    sweep()  # the first one tells Redis of all that wait
    yield "a round of the sweep", sweep


def name_of(browser) -> str:
    from tests.builders import visitor_of

    return visitor_of(browser)


def cost(ask: Callable[[], object]) -> float:
    """Milliseconds of CPU, of this process and of the database's."""
    ask()
    return 1000 * statistics.median(_seconds(ask) for _ in range(REPEATED))


def _seconds(ask: Callable[[], object]) -> float:
    before, theirs = time.process_time(), _database_seconds()
    ask()
    return time.process_time() - before + _database_seconds() - theirs


def _database_seconds() -> float:
    """Of PostgreSQL's process for our connection; its clock ticks in hundredths, so the median is coarse."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    times = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main()
