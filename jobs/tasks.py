"""What a worker does: the story of one attempt, told in the order in which it happens."""

import logging
import os
import socket
import time
import traceback
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from jobs import encoding, errors, installation, lifecycle, queue
from jobs.encoding import PAUSED, EncodeArgs, Progress
from jobs.lease import Lease
from jobs.models import Job
from jobs.storage import storage
from jobs.storage.room import is_full
from jobs.unreachable import DatabaseUnreachable, persist

logger = logging.getLogger(__name__)


def compress(job_id: str, attempt: int) -> None:
    """One attempt at one job.

    1. Not where the files of all jobs are missing: that is no fault of this job.
    2. Take the lease; if it cannot be had, somebody else has the job or it was canceled: nothing to do.
    3. Inspect, compress and verify, while the lease is kept by a heart of its own.
    4. Exactly one end: completed, failed, or handed back because this worker is ending. Told to stop for any
       other reason, the job is not ours any more and the row is left alone.
    5. What nobody foresaw is a failure of ours: it ends the job at once, with its traceback for operators.
    6. A database that is unreachable is waited for, unless this worker is ending: then the lease runs out, and the
       sweep gives the job to another.
    """
    queue.hand_back_when_told()
    if not persist(installation.sees_its_files, queue.shutdown_requested):
        logger.error("This worker does not see the files of this database; job %s waits for another", job_id)
        return  # the row is still queued, and the sweep enqueues it again
    worker, began = f"{socket.gethostname()}:{os.getpid()}", timezone.now()
    job = persist(lambda: lifecycle.start(UUID(job_id), attempt, worker, began), queue.shutdown_requested)
    if job is None:
        logger.info("Attempt %s of job %s is not available", attempt, job_id)
        return
    with Lease(job, queue.shutdown_requested) as lease:
        _see_through(lease)


def _see_through(lease: Lease) -> None:
    job = lease.job
    try:
        _run(lease)
    except errors.JobFailure as failure:
        logger.info("Job %s failed: %s", job.id, failure.code)
        _fail(lease, failure)
    except errors.Stopped:
        if queue.shutdown_requested():
            lease.write(lambda: lifecycle.hand_back(job))
    except queue.Shutdown:
        lease.write(lambda: lifecycle.hand_back(job))
    except DatabaseUnreachable:
        raise
    except Exception as error:  # noqa: BLE001  every ending has a shape
        _blame_ourselves(lease, error)


def _blame_ourselves(lease: Lease, error: Exception) -> None:
    job = lease.job
    if not lease.write(installation.sees_its_files):
        logger.error("The files of this database went away; job %s is handed back", job.id)
        lease.write(lambda: lifecycle.hand_back(job))
    elif _fail(lease, _failure_of_ours(error)):  # else it was canceled, and its files went with it
        logger.exception("Job %s met a defect of ours", job.id)


def _fail(lease: Lease, failure: errors.JobFailure) -> Job | None:
    return lease.write(lambda: lifecycle.fail(lease.job, failure))


def _failure_of_ours(error: Exception) -> errors.JobFailure:
    log = traceback.format_exc()
    return errors.OutOfRoom(log=log) if is_full(error) else errors.InternalFailure(log=log)


def _run(lease: Lease) -> None:
    job, report = lease.job, _reporter(lease)
    options = encoding.Options.from_dict(job.options)
    with storage.local_source(job.id) as source:
        media = encoding.inspect(source, lambda: report(Progress("inspect")))
        if not lease.write(lambda: lifecycle.describe(job, media)):
            raise errors.Stopped
        with storage.scratch(job.id, job.attempt) as workdir:
            memory = settings.MEMORY_BYTES or encoding.memory_share(settings.WORKERS)
            args = EncodeArgs(
                options,
                media,
                source,
                memory,
                cpu_seconds=settings.JOB_TIMEOUT * (os.cpu_count() or 1),
                megapixels=settings.MAX_MEGAPIXELS,
                stall_seconds=settings.STALL_SECONDS,
                has_room=storage.has_room,
            )
            outcome = encoding.compress(args, workdir, report)
            result = lifecycle.publish(job, outcome)
        lease.write(lambda: lifecycle.complete(job, outcome, result))


def _reporter(lease: Lease) -> encoding.Report:
    """Time for which the disk was full does not count as work; but no entry of the queue lasts for ever."""
    began = heard = time.monotonic()
    paused = 0.0

    def report(progress: Progress) -> bool:
        nonlocal heard, paused
        now = time.monotonic()
        paused += now - heard if progress.phase == PAUSED else 0.0
        heard = now
        if now - began - paused > settings.JOB_TIMEOUT:
            raise errors.TookTooLong()
        if now - began > settings.JOB_TIMEOUT:
            raise queue.out_of_time()
        return not queue.shutdown_requested() and lease.tell(progress)

    return report
