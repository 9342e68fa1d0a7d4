"""The verbs of a job that waits for somebody to choose among qualities."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from jobs import errors
from jobs.encoding import Offers
from jobs.lifecycle.removal import forget_failure
from jobs.lifecycle.transition import changed, committed, fence, finish, offer_on_commit, requeue
from jobs.models import Job
from jobs.states import State


def offer(job: Job, offers: Offers) -> Job | None:
    """Let go of a job until somebody chooses: it waits on hold, and lapses after `RESULT_RETENTION`.

    None: it was given up. The same attempt finds again what it wrote: a database that went away may have committed
    without telling.
    """
    now = timezone.now()
    choices = {**offers.as_dict(), "attempt": job.attempt}
    until = now + timedelta(seconds=settings.RESULT_RETENTION)
    waiting = requeue(job, only=fence(job), choices=choices, held_at=now, expires_at=until)
    return waiting or Job.objects.filter(pk=job.pk, choices__attempt=job.attempt).first()


def choose(job: Job, quality: int) -> Job:
    """Go on with one of those offered, in the place that it had. The same again is harmless.

    Raises NotOffered where it is not, or another was chosen.
    """
    open_choice = Job.objects.awaiting_choice().filter(pk=job.pk)
    chosen = None
    if quality in job.offered_qualities:
        changes = {"chosen_quality": quality, "held_at": None, "expires_at": None}
        chosen = committed(lambda: changed(job.pk, open_choice, **changes))
        offer_on_commit()
    if chosen is None:
        chosen = Job.objects.filter(pk=job.pk, chosen_quality=quality).lean().first()
    if chosen is None:
        raise errors.NotOffered()
    return chosen


def lapse(job: Job) -> Job | None:
    """Nobody chose: it ends like an upload that was never finished. None: somebody did in this moment."""
    told = errors.NobodyChose()
    only = {**fence(job), "chosen_quality": None, "held_at__isnull": False}
    lapsed = finish(job, State.FAILED, only=only, error_code=told.code, error_detail=told.detail)
    if lapsed:
        forget_failure(lapsed)
    return lapsed
