"""RQ's worker, made to outlive an outage of what it stands on. With `queue`, the only file that knows RQ."""

import logging
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from redis.exceptions import RedisError
from rq import worker_registration
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.serializers import JSONSerializer
from rq.worker import HerokuWorker

from jobs import installation, presence, queue
from jobs.unreachable import Unreachable, database_or_unreachable, give_back_connection, redis_or_unreachable

logger = logging.getLogger(__name__)

PATIENCE = 5  # seconds that a worker waits before it says for what
REMINDER = 60  # seconds until it says so again
IDLE_SECONDS = 30  # RQ beats twice as often; a worker that was killed is counted as alive for a minute longer
BUSY_SECONDS = 10  # between two beats of a worker whose job runs
ENTRY_LOST = (RedisError, InvalidJobOperation, NoSuchJobError)  # Redis is unreachable, or was emptied meanwhile


class PatientWorker(HerokuWorker):
    """Beats by RQ's rules are for whoever counts workers. The rows know nothing of them, so missing one ends nothing.

    1. Redis away while a job runs: stock RQ ends the worker, and its job with it. Here the beat is left out.
    2. Redis emptied: every beat registers the worker anew.
    3. Before each job it is asked whether there is ground to work on.
    4. What becomes of RQ's own entry of a job is said in one line: the task tells the row how it ended.
    5. However long Redis was away: stock RQ asks once a minute then. Here it is found again within seconds.
    """

    max_connection_wait_time = 5.0

    def maintain_heartbeats(self, *args: Any) -> None:
        try:
            with redis_or_unreachable():
                super().maintain_heartbeats(*args)
        except Unreachable as error:
            logger.warning("Redis is unreachable, the job that runs goes on: %s", error)

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)

    def dequeue_job_and_maintain_ttl(self, *args: Any) -> Any:
        if _why_not():
            self._step_back()
            wait_for_ground()
        return super().dequeue_job_and_maintain_ttl(*args)

    def _step_back(self) -> None:
        """Not to be counted, until the next beat."""
        with suppress(Unreachable), redis_or_unreachable():  # a Redis that is away forgets us by itself
            worker_registration.unregister(self)

    def handle_exception(self, job: Any, *exc_info: Any) -> None:
        error = exc_info[1]
        if isinstance(error, ENTRY_LOST):
            logger.warning("What became of entry %s could not be noted in Redis: %s", job.id, error)
        elif isinstance(error, (queue.Shutdown, Unreachable)):
            logger.warning("Entry %s ends before its job: %s", job.id, error)
        else:
            super().handle_exception(job, *exc_info)

    def teardown(self) -> None:
        try:
            with redis_or_unreachable():
                super().teardown()  # type: ignore[no-untyped-call]
        except Unreachable as error:
            logger.warning("Redis is unreachable, this worker ends without a word to it: %s", error)


def work(**options: Any) -> None:
    """Run one worker until it is told to end. What it stands on may come up after us."""
    wait_for_ground()
    connection = queue.connect()
    worker = PatientWorker(
        [queue.the_queue(connection)],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=IDLE_SECONDS,
        job_monitoring_interval=BUSY_SECONDS,
    )
    worker.work(**options)


def wait_for_ground() -> None:
    """Return when a job could be worked on. What is missing is said after some seconds, and every minute."""
    says_at = time.monotonic() + PATIENCE
    while reason := _why_not():
        if time.monotonic() > says_at:
            logger.warning("This worker takes no jobs: %s", reason)
            says_at = time.monotonic() + REMINDER
        time.sleep(0.5)


def _why_not() -> str:
    """What is missing, in words; "" if nothing is."""
    try:
        queue.ping()
        with database_or_unreachable():
            sees = installation.sees_its_files()
            give_back_connection()
        if not sees:
            queue.note_blind(presence.my_name())
    except Unreachable as error:
        return f"{error.what} is unreachable: {error}"
    return "" if sees else f"{settings.MEDIA_ROOT} does not hold the files of this database. Is its disk mounted?"
