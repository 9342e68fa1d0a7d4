"""With `worker`, the only file that knows RQ. The queue is a convenience: the sweep fills it from the rows."""

import ctypes
import logging
import os
import signal
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django_rq import get_connection, get_queue
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from rq import Queue
from rq.exceptions import ShutDownImminentException
from rq.worker import Worker

from jobs.unreachable import RedisUnreachable, redis_or_unreachable

logger = logging.getLogger(__name__)

QUEUE = "encode"
TASK = "jobs.tasks.take_turn"
ENTRIES_EACH = 2  # for each worker; it takes the next one without waiting
PR_SET_PDEATHSIG = 1  # prctl(2)
TIMEOUT_MARGIN = 600  # seconds; the task ends itself at JOB_TIMEOUT, RQ's alarm is only the backstop
TIMEOUT = 2  # seconds that Redis may take to answer
BLIND = "compressor:blind-workers"
BLIND_SECONDS = 30
FILM_SECONDS = "compressor:film-seconds"

Shutdown = ShutDownImminentException  # what RQ raises in a work-horse that is told to end before it began

_shutdown_requested = False


def offer(turns: int) -> int:
    """Call workers to so many turns more: to how many it did. 0 when Redis is unreachable: the sweep calls again.

    The queue is kept short. An entry names no job: whose turn it is, the worker asks when it takes the entry. One that
    is there for nothing does no harm; while any waits, who takes it calls to what is left.
    """
    try:
        with redis_or_unreachable():
            waiting = the_queue()
            missing = max(0, min(turns, ENTRIES_EACH * max(1, workers()) - int(waiting.count)))
            for _ in range(missing):
                waiting.enqueue_call(
                    TASK,
                    timeout=settings.JOB_TIMEOUT + TIMEOUT_MARGIN,
                    result_ttl=0,
                    failure_ttl=settings.RESULT_RETENTION,
                    description="a turn",
                )
    except RedisUnreachable as error:
        logger.warning("Redis is unreachable, what waits is called for by the sweep: %s", error)
        return 0
    return missing


def length() -> int:
    """How many entries wait. Raises RedisUnreachable."""
    with redis_or_unreachable():
        return int(the_queue().count)


def workers() -> int:
    """Who is registered; one that was killed counts for a minute longer. Raises RedisUnreachable."""
    with redis_or_unreachable():
        return int(Worker.count(queue=the_queue()))


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


def count_film(seconds: float) -> None:
    """For monitoring: so much of a film was compressed. Not counted when Redis is unreachable."""
    with suppress(RedisUnreachable), redis_or_unreachable():
        connect().incrbyfloat(FILM_SECONDS, seconds)


def film_seconds() -> float:
    """What was counted since Redis was last emptied. Raises RedisUnreachable."""
    with redis_or_unreachable():
        return float(connect().get(FILM_SECONDS) or 0)


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
    """A connection that gives up soon: redis-py would try eleven times, of five seconds each where nobody answers.

    Once more is tried only what may have met a connection of before Redis ended; not a Redis that is silent.
    """
    connection: Redis = get_connection(QUEUE)
    connection.connection_pool.connection_kwargs |= {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    connection.set_retry(Retry(NoBackoff(), 1, (RedisConnectionError,)))
    return connection


def the_queue(connection: Redis | None = None) -> Queue:
    # Whoever enqueues is past the commit; `auto` says so, whatever django-rq's default is.
    return get_queue(QUEUE, connection=connection or connect(), commit_mode="auto")
