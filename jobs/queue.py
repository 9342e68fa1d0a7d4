"""The only file that knows RQ. The queue is a convenience: rows decide, and the sweep restores it from them."""

import ctypes
import logging
import os
import signal
import time
from types import FrameType
from typing import Any
from uuid import UUID

from django.conf import settings
from django_rq import get_connection, get_queue
from redis.exceptions import RedisError
from rq.job import Job as Entry
from rq.worker import HerokuWorker, Worker

logger = logging.getLogger(__name__)

QUEUE = "encode"
TASK = "jobs.tasks.compress"
PR_SET_PDEATHSIG = 1  # prctl(2)
TIMEOUT_MARGIN = 600  # seconds; the task ends itself at JOB_TIMEOUT, RQ's alarm is only the backstop

_shutdown_requested = False


def enqueue(job_id: UUID, attempt: int) -> bool:
    """Hand one attempt to the workers. False when Redis is away: the row stays queued, the sweep tries again.

    An entry of the same attempt may already be there. A second one is harmless, since only one worker can
    begin an attempt; so what is left of an old one is simply overwritten.
    """
    try:
        # The caller is past its commit; `auto` says so, whatever django-rq's default is.
        get_queue(QUEUE, commit_mode="auto").enqueue_call(
            TASK,
            args=(str(job_id), attempt),
            job_id=_entry_id(job_id, attempt),
            timeout=settings.JOB_TIMEOUT + TIMEOUT_MARGIN,
            result_ttl=0,
            failure_ttl=settings.RESULT_RETENTION,
            description=f"compress {job_id}, attempt {attempt}",
        )
    except (RedisError, OSError) as error:
        logger.warning("Redis is away, job %s stays queued until the sweep: %s", job_id, error)
        return False
    return True


def forget(job_id: UUID, attempt: int) -> None:
    """Take a waiting attempt out of the queue, so that no worker wakes up for nothing."""
    try:
        queue = get_queue(QUEUE)
        queue.remove(_entry_id(job_id, attempt))
        queue.connection.delete(Entry.key_for(_entry_id(job_id, attempt)))
    except (RedisError, OSError) as error:
        logger.warning("Redis is away, a worker will skip canceled job %s by itself: %s", job_id, error)


def waiting() -> set[str]:
    """The `{job id}-{attempt}` of every entry that waits. Raises RedisError or OSError when Redis is away."""
    return set(get_queue(QUEUE).get_job_ids())


def is_waiting(job_id: UUID, attempt: int, entries: set[str]) -> bool:
    return _entry_id(job_id, attempt) in entries


def ping() -> None:
    """Raise RedisError or OSError unless Redis answers."""
    get_connection(QUEUE).ping()


def live_workers() -> int:
    """Workers that Redis has heard of lately. Raises RedisError or OSError when Redis is away."""
    return len(Worker.all(queue=get_queue(QUEUE)))


def shutdown_requested() -> bool:
    """Whether this work-horse was asked to end: its job should be handed back at the next tick."""
    return _shutdown_requested


class EncodeWorker(HerokuWorker):
    """A worker whose work-horse hands its job back when the worker ends, be it politely or by SIGKILL.

    RQ's own choices are to let the job finish (a film takes hours, a deploy does not wait) or to raise from
    a signal handler, wherever the code happens to be. Here the signal only sets a flag, which the next
    progress report reads.
    """

    def setup_work_horse_signals(self) -> None:
        super().setup_work_horse_signals()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGRTMIN)
        if os.getppid() != self.pid:  # the worker died before the line above
            self.request_stop_sigrtmin(signal.SIGRTMIN, None)

    def request_stop_sigrtmin(self, signum: int, frame: FrameType | None) -> None:
        global _shutdown_requested
        _shutdown_requested = True


def work(**options: Any) -> None:
    """Run one worker until it is told to end. Redis may come up after us."""
    while not _answers():
        time.sleep(0.5)
    worker = EncodeWorker([get_queue(QUEUE)], connection=get_connection(QUEUE))
    worker.work(**options)


def _answers() -> bool:
    try:
        ping()
    except (RedisError, OSError):
        return False
    return True


def _entry_id(job_id: UUID, attempt: int) -> str:
    return f"{job_id}-{attempt}"
