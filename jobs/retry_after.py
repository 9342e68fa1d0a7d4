"""When it is worth asking again: what `Retry-After` says, honest and within bounds."""

import math
from datetime import timedelta

from django.conf import settings
from django.db.models import Avg, DurationField, ExpressionWrapper, F

from jobs.models import Job
from jobs.states import State

SOONEST, LATEST = 1, 60  # seconds
UNKNOWN = 5  # seconds, where nothing is known yet
RECENT = 20  # finished jobs from which the pace is taken


def retry_after(job: Job) -> int:
    """Whole seconds until the job should have moved on."""
    return max(SOONEST, min(LATEST, math.ceil(_seconds_left(job))))


def _seconds_left(job: Job) -> float:
    match job.state:
        case State.RUNNING:
            return (job.progress or {}).get("eta_seconds") or UNKNOWN
        case State.QUEUED:
            rounds = math.ceil((job.position or 1) / settings.WORKERS)
            return rounds * _typical_seconds()
        case _:
            return UNKNOWN


def _typical_seconds() -> float:
    took = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    recent = Job.objects.filter(state=State.COMPLETED).order_by("-finished_at").values("pk")[:RECENT]
    mean: timedelta | None = Job.objects.filter(pk__in=recent).aggregate(mean=Avg(took))["mean"]
    return mean.total_seconds() if mean else UNKNOWN
