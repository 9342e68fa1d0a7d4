"""When it is worth asking again: what `Retry-After` says, honest and within bounds."""

import math
import statistics

from django.conf import settings

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
    completed = Job.objects.filter(state=State.COMPLETED).order_by("-finished_at")
    took = [
        (finished_at - started_at).total_seconds()
        for started_at, finished_at in completed.values_list("started_at", "finished_at")[:RECENT]
        if started_at and finished_at
    ]
    return statistics.fmean(took) if took else UNKNOWN
