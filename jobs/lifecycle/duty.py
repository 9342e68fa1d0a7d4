"""The verbs of the sweep and of operators."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from jobs import errors
from jobs.lifecycle.transition import fence, finish, offer_on_commit, requeue, update_in_place, update_live
from jobs.models import Installation, Job, Piece
from jobs.models.leased import LAST_CHANCE, LeasedQuerySet, ago
from jobs.states import State


def suspect() -> int:
    """Note which workers have been silent for longer than their lease. It is not yet proof that they are lost.

    They may have been kept from the database, or one of the clocks may be wrong. But since this could be written, so
    could they have written from here on; and a sign of life lifts the suspicion.
    """
    return sum(held.silent().filter(suspected_at=None).update(suspected_at=Now()) for held in _leased())


def presume_lost(workers: Collection[str]) -> None:
    """They are known to be gone: what they held need not wait until their lease ends."""
    silent_for = timedelta(seconds=settings.JOB_LEASE) + LAST_CHANCE
    lost = {"heartbeat_at": ago(silent_for), "suspected_at": ago(2 * LAST_CHANCE)}
    for leased in _leased():
        leased.held().filter(worker__in=workers).update(**lost)


def clear_suspicions() -> int:
    """After an outage of the database: whoever was silent could not speak."""
    return sum(held.exclude(suspected_at=None).update(suspected_at=None) for held in _leased())


def rescue(job: Job) -> Job | None:
    """Take a running job from a worker that fell silent. Too many losses, and it fails."""
    unheard = {**fence(job), "state": State.RUNNING, "suspected_at__isnull": False}
    if job.losses + 1 < settings.MAX_LOSSES:
        return requeue(job, only=unheard, losses=F("losses") + 1)
    lost = errors.WorkerLost()
    return finish(job, State.FAILED, only=unheard, error_code=lost.code, error_detail=lost.detail)


def extend_retention(job: Job, by: timedelta) -> bool:
    """Keep a result for longer, and its source if it is there. False: it has expired meanwhile."""
    longer: dict[str, Any] = {name: F(name) + by for name in ("expires_at", "source_expires_at")}
    return update_in_place(job, State.COMPLETED, **longer) is not None


def pause_all(paused: bool) -> None:
    """Operators let nothing begin any more, or let it begin again. What runs is finished.

    Who polls a job that waits is told at the next poll.
    """
    Job.objects.waiting().update(revision=F("revision") + 1)
    Installation.objects.update(paused_at=timezone.now() if paused else None)
    if not paused:
        offer_on_commit()


def set_priority(job: Job, priority: int) -> Job | None:
    """The operators' word, which goes before fairness between owners."""
    return update_live(job, priority=priority)


def _leased() -> list[LeasedQuerySet[Any]]:
    return [Job.objects.all(), Piece.objects.all()]
