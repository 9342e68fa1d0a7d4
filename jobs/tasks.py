"""What a worker does: the story of one attempt, told in the order in which it happens."""

import errno
import logging
import os
import socket
import time
import traceback
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from jobs import encoding, errors, lifecycle, queue
from jobs.encoding import EncodeArgs, Progress
from jobs.models import Job
from jobs.storage import storage

logger = logging.getLogger(__name__)


def compress(job_id: str, attempt: int) -> None:
    """One attempt at one job.

    1. Take the lease; if it cannot be had, somebody else has the job or it was canceled: nothing to do.
    2. Inspect, compress and verify, reporting as it goes.
    3. Exactly one end: completed, failed, or handed back because this worker is ending. Told to stop for any
       other reason, the job is not ours any more and the row is left alone.
    4. What nobody foresaw is a failure of ours: it ends the job at once, with its traceback for operators.
    """
    queue.hand_back_when_told()
    job = lifecycle.start(UUID(job_id), attempt, worker=f"{socket.gethostname()}:{os.getpid()}")
    if job is None:
        logger.info("Attempt %s of job %s is not available", attempt, job_id)
        return
    try:
        _run(job)
    except errors.JobFailure as failure:
        logger.info("Job %s failed: %s", job.id, failure.code)
        lifecycle.fail(job, failure)
    except errors.Stopped:
        if queue.shutdown_requested():
            lifecycle.hand_back(job)
    except queue.Shutdown:
        lifecycle.hand_back(job)
    except DatabaseError:
        raise  # the row cannot be written now: the lease runs out, and the sweep gives the job to another
    except Exception as error:
        logger.exception("Job %s met a defect of ours", job.id)
        lifecycle.fail(job, _failure_of_ours(error))


def _failure_of_ours(error: Exception) -> errors.JobFailure:
    log = traceback.format_exc()
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return errors.OutOfRoom(log=log) if full else errors.InternalFailure(log=log)


def _run(job: Job) -> None:
    options = encoding.Options.from_dict(job.options)
    report = _reporter(job)
    with storage.local_source(job.id) as source:
        media = encoding.inspect(source, lambda: report(Progress("inspect")))
        if not lifecycle.describe(job, media):
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
            )
            outcome = encoding.compress(args, workdir, report)
            lifecycle.complete(job, outcome)


def _reporter(job: Job) -> encoding.Report:
    deadline = time.monotonic() + settings.JOB_TIMEOUT

    def report(progress: Progress) -> bool:
        if time.monotonic() > deadline:
            raise errors.TookTooLong()
        return not queue.shutdown_requested() and lifecycle.report(job, progress)

    return report
