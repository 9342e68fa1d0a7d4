"""Which index the database would read for a query, among enough rows that it is the cheapest by far."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.models import Job
from jobs.states import State

OTHERS, STATES = 3000, (State.COMPLETED, State.COMPLETED, State.EXPIRED, State.CANCELED)


def plans_of(ask: Callable[[], Any], marked: str = "SELECT") -> dict[str, str]:
    """Of those queries of `ask` that contain the text `marked`, of which there is at least one, their plans."""
    _fill_with_others()
    with CaptureQueriesContext(connection) as asked:
        ask()
    plans = {query["sql"]: _plan_of(query["sql"]) for query in asked if marked in query["sql"]}
    assert plans, f"no query with {marked}"
    return plans


def _fill_with_others() -> None:
    """Jobs of somebody else that keep files, and statistics: of a small table any index is as good as none."""
    now = timezone.now()
    others = [
        Job(
            state=state,
            filename="other.mov",
            size=1,
            kept_bytes=1,
            options={},
            visitor="another",
            network="elsewhere",
            queued_at=now,
            finished_at=now - timedelta(hours=number),
            expires_at=now,
        )
        for number, state in zip(range(OTHERS), itertools.cycle(STATES))
    ]
    Job.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":  # what VACUUM would note, which no transaction may run
            cursor.execute("UPDATE pg_class SET relallvisible = relpages WHERE relname = 'jobs_job'")


def _plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}")
        return " ".join(str(row[-1]) for row in cursor.fetchall())
