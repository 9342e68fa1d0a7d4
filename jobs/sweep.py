"""The periodic duty: expire, rescue, re-enqueue, abandon, purge. What it does is safe to do twice, or late."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from redis.exceptions import RedisError

from jobs import lifecycle, queue
from jobs.models import Job
from jobs.states import State
from jobs.storage import files

logger = logging.getLogger(__name__)

BATCH = 200  # rows a duty takes at once, so that none keeps the others waiting
SETTLED = timedelta(seconds=3)  # a row this young may still be on its way to the queue
CUT_OFF = 3600  # seconds without a byte after which a one-shot upload is not coming any more


def sweep() -> dict[str, int]:
    """Do every duty once. Answers how many jobs each one touched."""
    return {duty.__name__.strip("_"): duty() for duty in DUTIES}


def _expire() -> int:
    return _each(Job.objects.due_to_expire()[:BATCH], lifecycle.expire)


def _rescue() -> int:
    return _each(Job.objects.lost()[:BATCH], lifecycle.rescue)


def _abandon() -> int:
    return _each(Job.objects.abandoned()[:BATCH], lifecycle.abandon)


def _purge() -> int:
    return _each(Job.objects.tombstones_to_purge()[:BATCH], lifecycle.purge)


def _enqueue() -> int:
    """Hand queued rows that Redis does not know to the workers again (the law: the row is the only truth)."""
    settled = Job.objects.queued().filter(queued_at__lt=timezone.now() - SETTLED)
    rows = list(settled.values_list("id", "attempt"))
    if not rows:
        return 0
    try:
        entries = queue.waiting()
    except (RedisError, OSError) as error:
        logger.warning("Redis is away, queued jobs wait: %s", error)
        return 0
    unknown = [row for row in rows if not queue.is_waiting(*row, entries)]
    for row in unknown:
        queue.enqueue(*row)
    return len(unknown)


def _tidy() -> int:
    """Delete files for which no row speaks: of crashes, of canceled jobs, of failures past their retention."""
    files.delete_stale_incoming(CUT_OFF)
    stale = [job_id for job_id in files.idle_job_ids(CUT_OFF) if not _has_claim_on_files(job_id)]
    for job_id in stale:
        files.delete_all(job_id)
    return len(stale)


def _has_claim_on_files(job_id: UUID) -> bool:
    job = Job.objects.filter(pk=job_id).only("state", "expires_at").first()
    if job is None or job.state in {State.CANCELED, State.EXPIRED}:
        return False
    return job.state != State.FAILED or job.expires_at is None or job.expires_at > timezone.now()


def _each(jobs: Iterable[Job], verb: Callable[[Job], object]) -> int:
    found = list(jobs)
    for job in found:
        verb(job)
    return len(found)


DUTIES: tuple[Callable[[], int], ...] = (_expire, _rescue, _enqueue, _abandon, _purge, _tidy)
