"""The steps below the verbs: one conditional UPDATE, and what follows from it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs import push, queue, schedule
from jobs.models import Job, JobQuerySet
from jobs.states import State, sources_of
from jobs.storage import reserve, storage
from jobs.storage.room import is_full

T = TypeVar("T")
# By the database's clock: workers and the sweep may run on machines whose clocks differ.
ALIVE: dict[str, Any] = {"heartbeat_at": Now(), "suspected_at": None}


def transition(job: Job, target: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """Move to `target` if the row is in a state that allows it, and as `only` says. None: it is not."""
    return move(job.id, target, only=only or {}, **changes)


def move(job_id: UUID, target: State, *, only: dict[str, Any], **changes: Any) -> Job | None:
    candidates = Job.objects.filter(pk=job_id, state__in=sources_of(target)).filter(**only)

    def move() -> Job | None:
        moved = changed(job_id, candidates, state=target, **changes)
        if moved and target == State.QUEUED:
            offer_on_commit()
        return moved

    return committed(move)


def requeue(job: Job, *, only: dict[str, Any], **changes: Any) -> Job | None:
    """Queue the next attempt. The number going up is what fences off the worker of this one."""
    changes |= {"attempt": F("attempt") + 1, "started_at": None, "progress": None, "suspected_at": None}
    changes |= {"in_pieces": False}
    return transition(job, State.QUEUED, only=only, **changes)


def finish(job: Job, target: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """End an attempt and begin the retention: of the result, and of a source that is not needed any more."""
    now = timezone.now()
    changes |= {"finished_at": now, "progress": None, "in_pieces": False}
    changes["expires_at"] = now + timedelta(seconds=settings.RESULT_RETENTION)
    if target == State.COMPLETED:
        seconds = min(settings.SOURCE_RETENTION, settings.RESULT_RETENTION)
        changes["source_expires_at"] = now + timedelta(seconds=seconds)
    return transition(job, target, only=only or fence(job), **changes)


def update_in_place(job: Job, state: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """Change a job without moving it, and beat its heart. None: it has moved on meanwhile."""
    same = Job.objects.filter(pk=job.pk, state=state, attempt=job.attempt).filter(**(only or {}))
    return committed(lambda: changed(job.pk, same, **ALIVE, **changes))


def update_live(job: Job, **changes: Any) -> Job | None:
    """Change a job in whichever state, as long as it has not ended. None: it has."""
    return committed(lambda: changed(job.pk, Job.objects.live().filter(pk=job.pk), **changes))


def committed(write: Callable[[], T]) -> T:
    """In one transaction; the reserve is given up for it where the disk is full."""
    return reserve.despite_full_disk(transaction.atomic(write))


def without_files(job: Job, write: Callable[[], Job | None]) -> Job | None:
    """Write that a job's files are gone, then delete them; the files first where there is no room to write it."""
    try:
        ended = write()
    except DatabaseError as error:
        if not is_full(error):
            raise
        storage.delete_all(job.id)
        ended = write()
    if ended:
        storage.delete_all(job.id)
    return ended


def changed(job_id: UUID, candidates: JobQuerySet, **changes: Any) -> Job | None:
    """The one UPDATE below every verb: the row as it is afterwards, told to watchers after the commit."""
    if not candidates.update(revision=F("revision") + 1, **changes):
        return None
    (job,) = schedule.place([Job.objects.lean().get(pk=job_id)])
    push.publish(job)
    return job


def forgotten(now: datetime) -> dict[str, Any]:
    """What keeps nothing counts nowhere, so it is forgotten where it came from."""
    return {"files_deleted_at": now, "kept_bytes": 0, "network": "", "source_expires_at": None}


def fence(job: Job) -> dict[str, Any]:
    return {"attempt": job.attempt}


def offer_on_commit(turns: int = 1) -> None:
    """If Redis is unreachable then, the row waits for the sweep."""
    transaction.on_commit(lambda: queue.offer(turns))


def count_film_on_commit(seconds: float) -> None:
    transaction.on_commit(lambda: queue.count_film(seconds))
