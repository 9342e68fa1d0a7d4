"""The verbs that end a job and delete what it has."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jobs import errors
from jobs.lifecycle.sources import delete_source
from jobs.lifecycle.transition import forgotten, transition, update_in_place, without_files
from jobs.lifecycle.worker import fail
from jobs.models import Job
from jobs.states import State
from jobs.storage import reserve, storage


def cancel(job: Job) -> Job | None:
    """Give up a live job and delete its files. Its worker learns of it at its next report."""
    now = timezone.now()
    changes: dict[str, Any] = {"finished_at": now, "expires_at": now, "progress": None, "in_pieces": False}
    return without_files(job, lambda: transition(job, State.CANCELED, **changes, **forgotten(now)))


def delete_source_alone(job: Job) -> None:
    """The result stays. Harmless when repeated. Raises SourceInUse while the job lives.

    Of a failed job, the source is all there is.
    """
    if not job.is_final:
        raise errors.SourceInUse()
    if job.state == State.COMPLETED:
        delete_source(job)
    else:
        forget_failure(job)


def delete(job: Job) -> None:
    """What DELETE means: end a live job, delete a finished one's files. Harmless when repeated."""
    ended = cancel(job) or expire(job) or forget_failure(job)
    if not ended:
        storage.delete_all(job.id)


def forget_failure(job: Job) -> Job | None:
    """Delete what a failed job still has; the row stays as a tombstone."""
    now = timezone.now()
    only = {"files_deleted_at": None}
    return without_files(job, lambda: update_in_place(job, State.FAILED, only=only, expires_at=now, **forgotten(now)))


def abandon(job: Job, why: errors.JobFailure | None = None) -> Job | None:
    """Give up an upload: nothing comes to it any more, or what comes is of no use."""
    abandoned = fail(job, why or errors.UploadAbandoned())
    if abandoned and forget_failure(abandoned):
        storage.delete_all(job.id)
    return abandoned


def expire(job: Job) -> Job | None:
    """Delete the result; the row stays as a tombstone, so that a late client is told what became of it."""
    now = timezone.now()
    return without_files(job, lambda: transition(job, State.EXPIRED, expires_at=now, **forgotten(now)))


def clear_up_after(workers: Collection[str]) -> None:
    """Delete what they left lying who are known to be gone, of jobs that have ended since.

    One that is killed between the row that says "completed" and its last deed leaves pieces and scratch space.
    """
    recently = timezone.now() - timedelta(hours=1)  # it is noticed within seconds
    ended = Job.objects.filter(state__in=[State.COMPLETED, State.FAILED], finished_at__gte=recently)
    for job in ended.filter(Q(worker__in=workers) | Q(pieces__worker__in=workers)).distinct():
        storage.delete_scratch(job.id, job.attempt)
        if job.state == State.COMPLETED:
            storage.delete_pieces(job.id)
        else:
            storage.withdraw(job.id, job.attempt)
            for number in job.pieces.filter(worker__in=workers).values_list("number", flat=True):
                storage.delete_piece_scratch(job.id, number)


def purge(job: Job) -> None:
    """Forget the job altogether: its client job id becomes free."""
    storage.delete_all(job.id)
    reserve.despite_full_disk(job.delete)
