"""How a batch is doing: one progress, one time that is left, one saving.

What has ended is counted from an index alone (`job_by_batch`), however many there are; of what lives, which is bounded
by its owner's share, each row is read. Any number of batches takes the same number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db.models import Count, Sum
from django.urls import reverse

from jobs import schedule
from jobs.documents import BatchCounts, BatchLinks, BatchSnapshot
from jobs.line import read_line
from jobs.models import JobQuerySet
from jobs.models.querysets import KEPT, retryable
from jobs.states import FINAL, State


class _Counted(NamedTuple):
    """The jobs of one state. `bytes` is of their sources."""

    state: str
    jobs: int
    bytes: int
    saved_bytes: int
    kept: int
    retryable: int


class _Live(NamedTuple):
    job_id: UUID
    state: str
    bytes: int
    is_held: bool
    progress: dict[str, Any]


def standing(jobs: JobQuerySet) -> BatchSnapshot:
    """Of one batch, which has a job at least."""
    (document,) = standings(jobs).values()
    return document


def standings(jobs: JobQuerySet) -> dict[str, BatchSnapshot]:
    """By the batch's id, of all batches that these jobs are of."""
    counted, live = _count(jobs), _live(jobs)
    queued = [each.job_id for batch in live.values() for each in batch if _waits(each)]
    wait = _Wait.of(queued)
    return {batch: _document(batch, states, live[batch], wait) for batch, states in counted.items()}


def _count(jobs: JobQuerySet) -> dict[str, list[_Counted]]:
    counted = (
        jobs.order_by()
        .values_list("batch", "state")
        .annotate(
            jobs=Count("*"),
            bytes=Sum("size"),
            saved=Sum("saved_bytes"),
            kept=Count("size", filter=KEPT),
            retryable=Count("size", filter=retryable()),
        )
    )
    found: dict[str, list[_Counted]] = defaultdict(list)
    for batch, *numbers in counted:
        found[batch].append(_Counted(*numbers))
    return found


def _live(jobs: JobQuerySet) -> dict[str, list[_Live]]:
    rows = jobs.live().order_by().values_list("batch", "id", "state", "size", "held_at", "progress")
    found: dict[str, list[_Live]] = defaultdict(list)
    for batch, job_id, state, size, held_at, progress in rows:
        found[batch].append(_Live(job_id, state, size, held_at is not None, progress or {}))
    return found


def _document(batch: str, states: list[_Counted], live: list[_Live], wait: "_Wait") -> BatchSnapshot:
    counts = dict.fromkeys(map(str, State), 0) | {each.state: each.jobs for each in states}
    total = sum(each.bytes for each in states if each.state != State.CANCELED)
    compressed = [each for each in states if each.state in (State.COMPLETED, State.EXPIRED)]
    source_bytes, saved = sum(each.bytes for each in compressed), sum(each.saved_bytes for each in compressed)
    return {
        "id": batch,
        "is_final": not live,
        "jobs": sum(each.jobs for each in states),
        "counts": cast(BatchCounts, counts),
        "bytes": total,
        "fraction": _fraction(total, states, live),
        "eta_seconds": _seconds_left(live, wait),
        "source_bytes": source_bytes,
        "result_bytes": source_bytes - saved,
        "saved_bytes": saved,
        "saved_fraction": round(saved / source_bytes, 4) if source_bytes else None,
        "links": _links(batch, states, live),
    }


def _fraction(total: int, states: Iterable[_Counted], live: Iterable[_Live]) -> float:
    """By bytes of the sources. What was canceled is not missed, and does not count."""
    ended = sum(each.bytes for each in states if each.state in FINAL - {State.CANCELED})
    made = sum(each.bytes * (each.progress.get("fraction") or 0.0) for each in live if each.state == State.RUNNING)
    return round((ended + made) / total, 4) if total else 1.0


def _seconds_left(live: list[_Live], wait: "_Wait") -> float | None:
    """Until all is done: what runs now, then the way to the last one's turn and through it. None: nobody knows.

    How long the rest of an upload takes is up to its sender, and a job on hold waits for its owner. Nor does anybody
    know while nothing begins.
    """
    if not live or any(each.is_held or each.state == State.UPLOADING for each in live):
        return None
    waiting = [each.job_id for each in live if _waits(each)]
    running = [each.progress.get("eta_seconds") for each in live if each.state == State.RUNNING]
    known = [seconds for seconds in running if seconds is not None]
    if not waiting:
        return max(known) if len(known) == len(running) else None
    if not wait.workers:
        return None
    last = max(wait.places.get(job_id, len(waiting)) for job_id in waiting)
    return round(-(-last // wait.workers) * wait.seconds_each + (fmean(known) if known else 0), 1)


class _Wait(NamedTuple):
    """What waits, waits for this: a place in line, and so many workers. 0: nothing begins now."""

    places: dict[UUID, int]
    workers: int
    seconds_each: float

    @classmethod
    def of(cls, queued: list[UUID]) -> "_Wait":
        if not queued or schedule.stillness():
            return cls({}, 0, 0.0)
        line = read_line()
        return cls(line.places(set(queued)), schedule.live_workers(), line.seconds_each)


def _waits(job: _Live) -> bool:
    return job.state == State.QUEUED and not job.is_held


def _links(batch: str, states: list[_Counted], live: list[_Live]) -> BatchLinks:
    def link(name: str, available: object) -> str | None:
        return reverse(f"api:{name}", args=[batch]) if available else None

    completed = any(each.state == State.COMPLETED for each in states)
    kept = [each for each in states if each.kept]
    return {
        "self": reverse("api:batch", args=[batch]),
        "watch": reverse("watch-batch", args=[batch]),
        "jobs": f"{reverse('api:list_jobs')}?batch={batch}",
        "results": link("batch-results", completed),
        "cancel": link("batch-cancel", live),
        "retry": link("batch-retry", any(each.retryable for each in states)),
        "clear": link("batch-clear", any(each.state in FINAL for each in kept)),
        "delete": link("batch", kept),
    }
