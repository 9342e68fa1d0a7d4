"""Whose turn is next. A turn is what RQ carries to a worker: who gets it is decided when the worker takes it.

Who waits, and in which order, is in `line.py`; here is when that is, and that workers are called.
"""

import logging
import time as clock
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings

from jobs import queue
from jobs.hours import Closure, closure
from jobs.line import LOOK_AHEAD, Waiting, read_line, whose_of
from jobs.models import Job, Owner
from jobs.states import State
from jobs.unreachable import RedisUnreachable

logger = logging.getLogger(__name__)

WORKERS_KNOWN_FOR = 5.0  # seconds
NEWCOMER = UUID(int=0).hex  # a job that is only thought of


def place(jobs: Iterable[Job]) -> list[Job]:
    """The jobs with their `position` and `wait_seconds`, where they are queued: one look at the line for all."""
    placed = list(jobs)
    queued = [job for job in placed if job.state == State.QUEUED and not job.held_at]
    if queued:
        now = read_line()
        places, opens_in = now.places({job.pk for job in queued}), now.seconds_until_open()
        for job in queued:
            job.position = places.get(job.pk, 1)  # a worker took it between the two looks: it was next
            job.wait_seconds = opens_in - (-job.position // max(1, live_workers())) * now.seconds_each
    return placed


def wait_of_newcomer(owner: Owner) -> float:
    """Seconds until a job that this owner submitted now would begin, about; 0 where a worker is free."""
    now, workers = read_line(), max(1, live_workers())
    whose = whose_of(owner.user.pk if owner.user else None, owner.visitor, owner.network)
    newcomer = Waiting(0, max((each.age for each in now.waiting), default=0) + 1, NEWCOMER, whose, is_queued=True)
    turns = replace(now, waiting=(*now.waiting, newcomer)).turns()
    before = next((number for number, turn in enumerate(turns) if turn.hex == NEWCOMER), LOOK_AHEAD)
    rounds = -(-max(0, before + 1 + sum(now.busy.values()) - workers) // workers)
    return rounds * now.seconds_each


class _Workers:
    """How many there are, asked anew every few seconds: a poll should not wait for Redis."""

    def __init__(self) -> None:
        self._count, self._until = 1, 0.0

    def __call__(self) -> int:
        if clock.monotonic() >= self._until:
            try:
                self._count = queue.workers()
            except RedisUnreachable:
                self._count = settings.WORKERS
            self._until = clock.monotonic() + WORKERS_KNOWN_FOR
        return self._count


live_workers = _Workers()


def call_workers() -> int:
    """See that as many entries wait in Redis as there is work for. How many were missing."""
    try:
        missing = read_line().length - queue.length() if is_open() else 0
    except RedisUnreachable as error:
        logger.warning("Redis is unreachable, what waits goes on waiting: %s", error)
        return 0
    return queue.offer(missing) if missing > 0 else 0


def stillness() -> Closure | None:
    """Why nothing begins now, if nothing does: all is paused, it is not the hour, or nobody is there to do it."""
    return closure() or (None if live_workers() else Closure(no_worker=True))


def is_open(now: datetime | None = None) -> bool:
    """Whether anything may begin: operators have not paused all, and it is within `WORK_HOURS`."""
    return closure(now) is None
