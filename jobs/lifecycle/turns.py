"""The verbs by which an owner says what of the own work comes first, last, or not now."""

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from jobs import errors
from jobs.lifecycle.transition import changed, committed, fence, offer_on_commit, requeue, update_live
from jobs.models import Job

JUST_BEFORE = timedelta(microseconds=1)


def put_first(job: Job) -> Job:
    """Before all else that the same owner has waiting; others are no worse off. Raises NotWaiting."""
    first = Job.objects.waiting().owned_by(job.submitter).aggregate(first=Min("queued_at"))["first"]
    return _placed(job, (first or timezone.now()) - JUST_BEFORE)


def put_last(job: Job) -> Job:
    """Behind all else that waits now. Raises NotWaiting."""
    return _placed(job, timezone.now())


def hold(job: Job) -> Job:
    """Nothing of it is begun any more. What runs of it in one go is handed back; a piece that runs is finished.

    Raises NotWaiting where it has ended.
    """
    now = timezone.now()
    whole = Job.objects.held().filter(pk=job.pk).exists()
    held = requeue(job, only=fence(job), held_at=now) if whole else update_live(job, held_at=job.held_at or now)
    return held or _refused()


def release(job: Job) -> Job:
    """It waits for its turn again; what nobody chose, the recipe decides. Raises NotWaiting where it has ended."""
    released = update_live(job, held_at=None, expires_at=None)
    offer_on_commit()
    return released or _refused()


def _placed(job: Job, since: object) -> Job:
    mine = Job.objects.waiting().filter(pk=job.pk)
    return committed(lambda: changed(job.pk, mine, queued_at=since)) or _refused()


def _refused() -> Job:
    raise errors.NotWaiting()
