"""The steps below the verbs: one conditional UPDATE, and what follows from it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs import push, queue
from jobs.models import Job, JobQuerySet
from jobs.states import State, sources_of
from jobs.storage import reserve, storage
from jobs.storage.room import is_full

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
            enqueue_on_commit(moved, in_front="queued_at" not in changes)
        return moved

    return committed(move)


def requeue(job: Job, *, only: dict[str, Any], **changes: Any) -> Job | None:
    """Queue the next attempt. The number going up is what fences off the worker of this one."""
    changes |= {"attempt": F("attempt") + 1, "started_at": None, "progress": None, "suspected_at": None}
    return transition(job, State.QUEUED, only=only, **changes)


def finish(job: Job, target: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """End an attempt and begin the retention."""
    now = timezone.now()
    changes |= {"finished_at": now, "progress": None}
    changes["expires_at"] = now + timedelta(seconds=settings.RESULT_RETENTION)
    return transition(job, target, only=only or fence(job), **changes)


def update_in_place(job: Job, state: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """Change a job without moving it, and beat its heart. None: it has moved on meanwhile."""
    same = Job.objects.filter(pk=job.pk, state=state, attempt=job.attempt).filter(**(only or {}))
    return committed(lambda: changed(job.pk, same, **ALIVE, **changes))


def committed(write: Callable[[], Job | None]) -> Job | None:
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
    job = Job.objects.with_position().get(pk=job_id)
    push.publish(job)
    return job


def forgotten(now: datetime) -> dict[str, Any]:
    """What keeps nothing counts nowhere, so it is forgotten where it came from."""
    return {"files_deleted_at": now, "kept_bytes": 0, "network": ""}


def fence(job: Job) -> dict[str, Any]:
    return {"attempt": job.attempt}


def enqueue_on_commit(job: Job, *, in_front: bool = False) -> None:
    """If Redis is unreachable then, the row stays queued and the sweep enqueues it. `in_front`: it has waited."""
    transaction.on_commit(lambda: queue.enqueue(job.id, job.attempt, in_front=in_front))
