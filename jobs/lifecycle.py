"""The verbs that change a job: the only writer of `Job.state`.

Each verb is one conditional UPDATE (`WHERE id AND state IN sources AND …`). The row count says who won: the
loser of a race gets None and must change nothing more. A worker's verbs name its attempt, which is the fence
against one that was given up.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs import errors, push, queue, shares
from jobs.encoding import MediaInfo, Outcome, Progress
from jobs.models import Job, JobQuerySet
from jobs.states import State, sources_of
from jobs.storage import reserve, storage
from jobs.storage.room import is_full

# By the database's clock: workers and the sweep may run on machines whose clocks differ.
_ALIVE: dict[str, Any] = {"heartbeat_at": Now(), "suspected_at": None}

# A client's verbs.


def accept(job: Job) -> None:
    """Commit a new job whose source is complete.

    Raises IntegrityError if its client job id is taken, and what `shares.check_submission` does.
    """
    job.state = State.QUEUED
    job.queued_at = timezone.now()
    with shares.counting():
        shares.check_submission(job.submitter, job.size)
        job.save(force_insert=True)
        _enqueue_on_commit(job)


def announce(job: Job) -> None:
    """Commit a new job whose bytes will follow.

    Raises IntegrityError if its client job id is taken, and what `shares.check_announcement` does.
    """
    job.state = State.UPLOADING
    with shares.counting():
        shares.check_announcement(job.submitter, job.size)
        job.save(force_insert=True)


def note_upload(job: Job, received_bytes: int) -> Job | None:
    """Tell watchers how much has arrived; a sign of life as well. None: the upload was given up, stop."""
    return _update_in_place(job, State.UPLOADING, received_bytes=received_bytes)


def finish_upload(job: Job, sha256: str) -> Job | None:
    """The last byte is in: queue the job. None: it was canceled or abandoned meanwhile."""
    changes = {"sha256": sha256, "received_bytes": job.size, "queued_at": timezone.now()}
    return _transition(job, State.QUEUED, only={"state": State.UPLOADING}, **changes)


def cancel(job: Job) -> Job | None:
    """Give up a live job and delete its files. Its worker learns of it at its next report."""
    now = timezone.now()
    changes: dict[str, Any] = {"finished_at": now, "expires_at": now, "progress": None}
    canceled = _without_files(job, lambda: _transition(job, State.CANCELED, **changes, **_forgotten(now)))
    if canceled:
        queue.forget(job.id, canceled.attempt)
    return canceled


def delete(job: Job) -> None:
    """What DELETE means: end a live job, delete a finished one's files. Harmless when repeated."""
    ended = cancel(job) or expire(job) or forget_failure(job)
    if not ended:
        storage.delete_all(job.id)


def forget_failure(job: Job) -> Job | None:
    """Delete what a failed job still has; the row stays as a tombstone."""
    now = timezone.now()
    only = {"files_deleted_at": None}
    return _without_files(
        job, lambda: _update_in_place(job, State.FAILED, only=only, expires_at=now, **_forgotten(now))
    )


def retry(job: Job) -> Job:
    """Run a failed or canceled job again, behind those that wait; it counts like a new one.

    Raises NotRetryable where that cannot help, QueueFull and QueueShareTaken.
    """
    if not job.is_retryable:
        raise errors.NotRetryable()
    now, ended = timezone.now(), {"finished_at": None, "expires_at": None}
    blank = dict.fromkeys(["error_code", "error_detail", "log", "outcome"], "")
    only = {"state__in": [State.FAILED, State.CANCELED], "files_deleted_at": None}
    with shares.counting():
        shares.check_place(job.submitter)
        retried = _requeue(job, only=only, queued_at=now, losses=0, **ended, **blank)
    if not retried:
        raise errors.NotRetryable()
    return retried


# A worker's verbs, in the order of its work.


def start(job_id: UUID, attempt: int, worker: str, began: datetime | None = None) -> Job | None:
    """Take the lease. None: canceled meanwhile, or another worker got there first.

    The same worker and moment find again what they took: a database that went away may have committed without telling.
    """
    lease = {"worker": worker, "started_at": began or timezone.now()}
    started = _move(job_id, State.RUNNING, only={"attempt": attempt}, **lease, **_ALIVE)
    return started or Job.objects.filter(pk=job_id, state=State.RUNNING, attempt=attempt, **lease).first()


def describe(job: Job, media: MediaInfo) -> bool:
    """Note what probing found, so that watchers see it while the job runs. False: stop."""
    return _update_in_place(job, State.RUNNING, source=media.as_dict()) is not None


def report(job: Job, progress: Progress | None) -> bool:
    """Progress, heartbeat and cancel check in one UPDATE. False means: you were given up, stop."""
    changes = {"progress": progress.as_dict()} if progress else {}
    return _update_in_place(job, State.RUNNING, **changes) is not None


def publish(job: Job, outcome: Outcome) -> dict[str, Any]:
    """Put the files where they are served from, before the row says so: what the row will say of them."""
    result = {
        **outcome.as_dict(),
        "size": outcome.path.stat().st_size,
        "extension": outcome.extension,
        "content_type": outcome.content_type,
        "pictures": outcome.stills.as_dict(),
    }
    if outcome.is_source:
        storage.publish_source(job.id, job.attempt)
    else:
        storage.publish(job.id, job.attempt, {"result": outcome.path, **outcome.stills.files()})
    return result


def complete(job: Job, outcome: Outcome, result: dict[str, Any]) -> Job | None:
    """The row after its files. If it says that we were given up, the files go again.

    A database that went away may have committed without telling: then the row says so when it is tried again.
    """
    sizes = {"kept_bytes": result["size"], "saved_bytes": job.size - result["size"]}
    completed = _finish(job, State.COMPLETED, result=result, outcome=outcome.outcome, log=outcome.log, **sizes)
    completed = completed or Job.objects.filter(pk=job.pk, state=State.COMPLETED, **_fence(job)).first()
    if completed:
        storage.delete_source(job.id)
    else:
        storage.withdraw(job.id, job.attempt)
    return completed


def fail(job: Job, failure: errors.JobFailure) -> Job | None:
    """End the job with an error. Its source stays until retention ends, for a retry."""
    return _finish(job, State.FAILED, error_code=failure.code, error_detail=failure.detail, log=failure.log)


def hand_back(job: Job) -> Job | None:
    """Give the job to another worker, because this one is ending. It keeps its place in the queue."""
    return _requeue(job, only=_fence(job))


# The sweep's and the operator's verbs.


def suspect() -> int:
    """Note which workers have been silent for longer than their lease. It is not yet proof that they are lost.

    They may have been kept from the database, or one of the clocks may be wrong. But since this could be written, so
    could they have written from here on; and a sign of life lifts the suspicion.
    """
    return Job.objects.silent().filter(suspected_at=None).update(suspected_at=Now())


def clear_suspicions() -> int:
    """After an outage of the database: whoever was silent could not speak."""
    return Job.objects.exclude(suspected_at=None).update(suspected_at=None)


def rescue(job: Job) -> Job | None:
    """Take a running job from a worker that fell silent. Too many losses, and it fails."""
    unheard = {**_fence(job), "state": State.RUNNING, "suspected_at__isnull": False}
    if job.losses + 1 < settings.MAX_LOSSES:
        return _requeue(job, only=unheard, losses=F("losses") + 1)
    lost = errors.WorkerLost()
    return _finish(job, State.FAILED, only=unheard, error_code=lost.code, error_detail=lost.detail)


def abandon(job: Job) -> Job | None:
    """Give up an upload to which nothing comes any more."""
    abandoned = fail(job, errors.UploadAbandoned())
    if abandoned and forget_failure(abandoned):
        storage.delete_all(job.id)
    return abandoned


def expire(job: Job) -> Job | None:
    """Delete the result; the row stays as a tombstone, so that a late client is told what became of it."""
    now = timezone.now()
    return _without_files(job, lambda: _transition(job, State.EXPIRED, expires_at=now, **_forgotten(now)))


def purge(job: Job) -> None:
    """Forget the job altogether: its client job id becomes free."""
    storage.delete_all(job.id)
    reserve.despite_full_disk(job.delete)


def extend_retention(job: Job, by: timedelta) -> bool:
    """Keep a result for longer. False: it has expired meanwhile."""
    return _update_in_place(job, State.COMPLETED, expires_at=F("expires_at") + by) is not None


# The steps below the verbs.


def _transition(job: Job, target: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """Move to `target` if the row is in a state that allows it, and as `only` says. None: it is not."""
    return _move(job.id, target, only=only or {}, **changes)


def _move(job_id: UUID, target: State, *, only: dict[str, Any], **changes: Any) -> Job | None:
    candidates = Job.objects.filter(pk=job_id, state__in=sources_of(target)).filter(**only)

    def move() -> Job | None:
        moved = _changed(job_id, candidates, state=target, **changes)
        if moved and target == State.QUEUED:
            _enqueue_on_commit(moved, in_front="queued_at" not in changes)
        return moved

    return _committed(move)


def _requeue(job: Job, *, only: dict[str, Any], **changes: Any) -> Job | None:
    """Queue the next attempt. The number going up is what fences off the worker of this one."""
    changes |= {"attempt": F("attempt") + 1, "started_at": None, "progress": None, "suspected_at": None}
    return _transition(job, State.QUEUED, only=only, **changes)


def _finish(job: Job, target: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """End an attempt and begin the retention."""
    now = timezone.now()
    changes |= {"finished_at": now, "progress": None}
    changes["expires_at"] = now + timedelta(seconds=settings.RESULT_RETENTION)
    return _transition(job, target, only=only or _fence(job), **changes)


def _update_in_place(job: Job, state: State, *, only: dict[str, Any] | None = None, **changes: Any) -> Job | None:
    """Change a job without moving it, and beat its heart. None: it has moved on meanwhile."""
    same = Job.objects.filter(pk=job.pk, state=state, attempt=job.attempt).filter(**(only or {}))
    return _committed(lambda: _changed(job.pk, same, **_ALIVE, **changes))


def _committed(write: Callable[[], Job | None]) -> Job | None:
    """In one transaction; the reserve is given up for it where the disk is full."""
    return reserve.despite_full_disk(transaction.atomic(write))


def _without_files(job: Job, write: Callable[[], Job | None]) -> Job | None:
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


def _changed(job_id: UUID, candidates: JobQuerySet, **changes: Any) -> Job | None:
    """The one UPDATE below every verb: the row as it is afterwards, told to watchers after the commit."""
    if not candidates.update(revision=F("revision") + 1, **changes):
        return None
    job = Job.objects.with_position().get(pk=job_id)
    push.publish(job)
    return job


def _forgotten(now: datetime) -> dict[str, Any]:
    """What keeps nothing counts nowhere, so it is forgotten where it came from."""
    return {"files_deleted_at": now, "kept_bytes": 0, "network": ""}


def _fence(job: Job) -> dict[str, Any]:
    return {"attempt": job.attempt}


def _enqueue_on_commit(job: Job, *, in_front: bool = False) -> None:
    """If Redis is unreachable then, the row stays queued and the sweep enqueues it. `in_front`: it has waited."""
    transaction.on_commit(lambda: queue.enqueue(job.id, job.attempt, in_front=in_front))
