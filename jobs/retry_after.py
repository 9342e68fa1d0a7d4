"""When it is worth asking again: what `Retry-After` says, honest and within bounds."""

import math

from jobs.models import Job
from jobs.states import State

SOONEST, LATEST = 1, 60  # seconds
UNKNOWN = 5  # seconds, where nothing is known yet


def retry_after(job: Job) -> int:
    """Whole seconds until the job should have moved on."""
    return max(SOONEST, math.ceil(min(LATEST, _seconds_left(job))))


def _seconds_left(job: Job) -> float:
    match job.state:
        case State.RUNNING:
            return (job.progress or {}).get("eta_seconds") or UNKNOWN
        case State.QUEUED:
            return job.wait_seconds if job.wait_seconds is not None else UNKNOWN
        case _:
            return UNKNOWN
