"""With `worker`, the only file that knows RQ. The queue is a convenience: the sweep restores it from the rows."""

import ctypes
import logging
import os
import signal
import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django_rq import get_connection, get_queue
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.exceptions import NoSuchJobError, ShutDownImminentException
from rq.job import Job as Entry
from rq.serializers import JSONSerializer
from rq.worker import Worker

from jobs.unreachable import RedisUnreachable, redis_or_unreachable

logger = logging.getLogger(__name__)

QUEUE = "encode"
TASK = "jobs.tasks.compress"
PR_SET_PDEATHSIG = 1  # prctl(2)
TIMEOUT_MARGIN = 600  # seconds; the task ends itself at JOB_TIMEOUT, RQ's alarm is only the backstop
TIMEOUT = 3  # seconds that Redis may take to answer
BLIND = "compressor:blind-workers"
BLIND_SECONDS = 30

Shutdown = ShutDownImminentException  # what RQ raises in a work-horse that is told to end before it began

_shutdown_requested = False


def enqueue(job_id: UUID, attempt: int, *, in_front: bool = False) -> bool:
    """Hand one attempt to the workers. False when Redis is unreachable: the row stays queued, the sweep tries again.

    An entry of the same attempt may already be there. A second one is harmless, since only one worker can
    begin an attempt; so what is left of an old one is simply overwritten.
    """
    try:
        with redis_or_unreachable():
            the_queue().enqueue_call(
                TASK,
                args=(str(job_id), attempt),
                job_id=_entry_id(job_id, attempt),
                at_front=in_front,
                timeout=settings.JOB_TIMEOUT + TIMEOUT_MARGIN,
                result_ttl=0,
                failure_ttl=settings.RESULT_RETENTION,
                description=f"compress {job_id}, attempt {attempt}",
            )
    except RedisUnreachable as error:
        logger.warning("Redis is unreachable, job %s stays queued until the sweep: %s", job_id, error)
        return False
    return True


def forget(job_id: UUID, attempt: int) -> None:
    """Take a waiting attempt out of the queue, so that no worker wakes up for nothing."""
    try:
        with redis_or_unreachable():
            _entry(job_id, attempt).delete()
    except NoSuchJobError:
        return  # taken, or never told
    except RedisUnreachable as error:
        logger.warning("Redis is unreachable, a worker will skip canceled job %s by itself: %s", job_id, error)


def waiting() -> set[str]:
    """The `{job id}-{attempt}` of every entry that waits. Raises RedisUnreachable."""
    with redis_or_unreachable():
        return set(the_queue().get_job_ids())


def length() -> int:
    """How many entries wait. Raises RedisUnreachable."""
    with redis_or_unreachable():
        return int(the_queue().count)


def is_waiting(job_id: UUID, attempt: int, entries: set[str]) -> bool:
    return _entry_id(job_id, attempt) in entries


def ping() -> None:
    """Raises RedisUnreachable unless Redis answers."""
    with redis_or_unreachable():
        connect().ping()


def live_workers() -> int:
    """Workers that Redis has heard of lately. Raises RedisUnreachable."""
    with redis_or_unreachable():
        return len(Worker.all(queue=the_queue()))


def note_blind(worker: str) -> None:
    """For monitoring, again and again: this worker sees no files, and takes no jobs. Raises RedisUnreachable."""
    with redis_or_unreachable():
        connect().zadd(BLIND, {worker: time.time()})


def blind_workers() -> int:
    """How many said so lately. Raises RedisUnreachable."""
    with redis_or_unreachable():
        connection = connect()
        connection.zremrangebyscore(BLIND, 0, time.time() - BLIND_SECONDS)
        return int(connection.zcard(BLIND))


def hand_back_when_told() -> None:
    """In a work-horse: when the worker ends, politely or by SIGKILL, the job is handed back at the next report.

    RQ's own choices are to let the job finish (a film takes hours, a deploy does not wait) or to raise from
    a signal handler, wherever the code happens to be. Here the signal, which HerokuWorker sends to its
    work-horse and the kernel sends when the worker dies, only sets a flag.
    """
    global _shutdown_requested
    _shutdown_requested = False
    signal.signal(signal.SIGRTMIN, _request_shutdown)
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGRTMIN)
    if os.getppid() != parent:  # the worker died before the line above
        _request_shutdown()


def shutdown_requested() -> bool:
    """Whether this work-horse was asked to end: its job should be handed back at the next tick."""
    return _shutdown_requested


def out_of_time() -> Shutdown:
    """To raise where RQ would end the entry soon through no fault of the job: it is handed back, as at a shutdown."""
    return Shutdown("no time left for this entry", {})  # type: ignore[no-untyped-call]


def _request_shutdown(*_: Any) -> None:
    global _shutdown_requested
    _shutdown_requested = True


def connect() -> Redis:
    """A connection that gives up soon: redis-py would try eleven times, of five seconds each where nobody answers."""
    connection: Redis = get_connection(QUEUE)
    connection.connection_pool.connection_kwargs |= {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    connection.set_retry(Retry(NoBackoff(), 1))
    return connection


def the_queue(connection: Redis | None = None) -> Queue:
    # Whoever enqueues is past the commit; `auto` says so, whatever django-rq's default is.
    return get_queue(QUEUE, connection=connection or connect(), commit_mode="auto")


def _entry(job_id: UUID, attempt: int) -> Entry:
    return Entry.fetch(_entry_id(job_id, attempt), connection=connect(), serializer=JSONSerializer)


def _entry_id(job_id: UUID, attempt: int) -> str:
    return f"{job_id}-{attempt}"
