"""The verbs of the sweep and of operators."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from jobs import errors
from jobs.lifecycle.transition import fence, finish, requeue, update_in_place
from jobs.models import Job
from jobs.states import State


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
    unheard = {**fence(job), "state": State.RUNNING, "suspected_at__isnull": False}
    if job.losses + 1 < settings.MAX_LOSSES:
        return requeue(job, only=unheard, losses=F("losses") + 1)
    lost = errors.WorkerLost()
    return finish(job, State.FAILED, only=unheard, error_code=lost.code, error_detail=lost.detail)


def extend_retention(job: Job, by: timedelta) -> bool:
    """Keep a result for longer. False: it has expired meanwhile."""
    return update_in_place(job, State.COMPLETED, expires_at=F("expires_at") + by) is not None
