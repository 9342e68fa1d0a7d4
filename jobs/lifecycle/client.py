"""A client's verbs."""

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from jobs import errors, shares
from jobs.lifecycle.sources import ask_for_share
from jobs.lifecycle.transition import offer_on_commit, requeue, transition, update_in_place
from jobs.models import Job
from jobs.states import State


def accept(job: Job) -> None:
    """Commit a new job whose source is complete.

    Raises IntegrityError if its client job id is taken, and what `shares.check_submission` does.
    """
    job.state = State.QUEUED
    job.queued_at = timezone.now()
    with shares.counting():
        ask_for_share(shares.check_submission, job.submitter, job.size)
        job.save(force_insert=True)
        offer_on_commit()


def announce(job: Job) -> None:
    """Commit a new job whose bytes will follow.

    Raises IntegrityError if its client job id is taken, and what `shares.check_announcement` does.
    """
    job.state = State.UPLOADING
    with shares.counting():
        ask_for_share(shares.check_announcement, job.submitter, job.size)
        job.save(force_insert=True)


def note_upload(job: Job, received_bytes: int) -> Job | None:
    """Tell watchers how much has arrived; a sign of life as well. None: the upload was given up, stop."""
    return update_in_place(job, State.UPLOADING, received_bytes=received_bytes)


def finish_upload(job: Job, sha256: str) -> Job | None:
    """The last byte is in: queue the job. None: it was canceled or abandoned meanwhile."""
    changes = {"sha256": sha256, "received_bytes": job.size, "queued_at": timezone.now()}
    return transition(job, State.QUEUED, only={"state": State.UPLOADING}, **changes)


def adopt(visitor: str, user: User) -> int:
    """A browser's jobs become those of the user who signed in there; how many. One whose client job id the user has
    given to another job stays where it is.
    """
    taken = Job.objects.filter(owner=user).exclude(client_job_id=None).values("client_job_id")
    theirs = Job.objects.filter(owner=None, visitor=visitor)
    free = theirs.filter(Q(client_job_id=None) | ~Q(client_job_id__in=taken))
    return free.update(owner=user, visitor="", network="")


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
        retried = requeue(job, only=only, queued_at=now, losses=0, **ended, **blank)
    if not retried:
        raise errors.NotRetryable()
    return retried
