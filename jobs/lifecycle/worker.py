"""A worker's verbs, in the order of its work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from jobs import errors, estimates, queue
from jobs.encoding import MediaInfo, Options, Outcome, Progress
from jobs.lifecycle.sources import delete_source
from jobs.lifecycle.transition import ALIVE, committed, fence, finish, move, requeue, update_in_place
from jobs.models import Job
from jobs.result_names import ResultNames, extension_of
from jobs.states import State
from jobs.storage import crc32_of, storage


def start(job_id: UUID, attempt: int, worker: str, began: datetime | None = None) -> Job | None:
    """Take the lease. None: canceled meanwhile, or another worker got there first.

    The same worker and moment find again what they took: a database that went away may have committed without telling.
    """
    lease = {"worker": worker, "started_at": began or timezone.now()}
    started = move(job_id, State.RUNNING, only={"attempt": attempt, "held_at": None}, **lease, **ALIVE)
    return started or Job.objects.filter(pk=job_id, state=State.RUNNING, attempt=attempt, **lease).first()


def describe(job: Job, media: MediaInfo) -> bool:
    """Note what probing found, so that watchers see it while the job runs, and what to expect of it. False: stop."""
    source = media.as_dict()
    predicted = estimates.told(Options.from_dict(job.options), source)
    return update_in_place(job, State.RUNNING, source=source, predicted=predicted) is not None


def report(job: Job, progress: Progress | None) -> bool:
    """Progress, heartbeat and cancel check in one UPDATE. False means: you were given up, stop."""
    changes = {"progress": progress.as_dict()} if progress else {}
    return update_in_place(job, State.RUNNING, **changes) is not None


def publish(job: Job, outcome: Outcome) -> dict[str, Any]:
    """Put the files where they are served from, before the row says so: what the row will say of them."""
    result = {
        **outcome.as_dict(),
        "size": outcome.path.stat().st_size,
        "crc32": crc32_of(outcome.path),
        "extension": outcome.extension,
        "content_type": outcome.content_type,
        "pictures": outcome.stills.as_dict(),
    }
    if outcome.is_source:
        storage.publish_source(job.id, job.attempt)
    else:
        storage.publish(job.id, job.attempt, {"result": outcome.path, **outcome.stills.files()})
    return result


def complete(job: Job, outcome: Outcome, result: dict[str, Any]) -> Job | None:
    """The row after its files. If it says that we were given up, the files go again.

    The source stays for `SOURCE_RETENTION`; an original that is handed back is counted once.

    A database that went away may have committed without telling: then the row says so when it is tried again.
    """
    result = {**result, "filename": _name(job, outcome)}
    kept_bytes = result["size"] + (0 if outcome.is_source else job.size)
    sizes = {"kept_bytes": kept_bytes, "saved_bytes": job.size - result["size"]}
    completed = finish(job, State.COMPLETED, result=result, outcome=outcome.outcome, log=outcome.log, **sizes)
    completed = completed or Job.objects.filter(pk=job.pk, state=State.COMPLETED, **fence(job)).first()
    if completed:
        if outcome.outcome == "compressed" and "cut" not in (job.plan or {}):  # pieces were counted one by one
            queue.count_film((completed.source or {}).get("duration") or 0)
        storage.delete_pieces(job.id)
        if job.choices:
            storage.withdraw_offers(job.id, job.choices["attempt"])
        if not settings.SOURCE_RETENTION:
            delete_source(completed)
        committed(lambda: estimates.learn(completed))
    else:
        storage.withdraw(job.id, job.attempt)
    return completed


def _name(job: Job, outcome: Outcome) -> str:
    is_original = outcome.extension is None
    names = ResultNames(settings.RESULT_NAME, outcome.extension or extension_of(outcome.media.container))
    for other in Job.objects.namesakes(job):
        names.pass_over(other.filename, other.options["recipe"])
    return names.original(job.filename) if is_original else names.compressed(job.filename, job.options["recipe"])


def fail(job: Job, failure: errors.JobFailure) -> Job | None:
    """End the job with an error. Its source stays until retention ends, for a retry."""
    return finish(job, State.FAILED, error_code=failure.code, error_detail=failure.detail, log=failure.log)


def hand_back(job: Job) -> Job | None:
    """Give the job to another worker, because this one is ending. It keeps its place in the queue."""
    return requeue(job, only=fence(job))
