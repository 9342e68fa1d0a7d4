"""All results of a batch as one ZIP, in their folders. What is missing is named inside, with the reason."""

import zlib
from collections.abc import AsyncGenerator, Iterator
from datetime import datetime

from django.utils import timezone

from jobs import errors
from jobs.labels import PortablePaths
from jobs.models import Job, JobQuerySet
from jobs.states import State
from jobs.storage import storage
from jobs.zip_layout import Member, ZipLayout

NOT_INCLUDED = "not-included.txt"
REASONS = {
    State.UPLOADING: "Not all of it has arrived yet.",
    State.QUEUED: "It waits to be compressed.",
    State.RUNNING: "It is being compressed.",
    State.CANCELED: "It was canceled.",
    State.EXPIRED: "Its result was deleted, or was not kept any longer.",
}
ROWS = 500  # read at once: what is kept of each is small


def archive_of(jobs: JobQuerySet) -> ZipLayout:
    """Raises ResultNotReady and JobExpired where there is not one result."""
    states = set(jobs.order_by().values_list("state", flat=True).distinct())
    if State.COMPLETED not in states:
        raise _nothing(states)
    return ZipLayout(_members(jobs))


def archive_name(jobs: JobQuerySet) -> str:
    """By the day on which they came, so that two of them have two names."""
    first = jobs.order_by("created_at").values_list("created_at", flat=True)[0]
    return f"videos {timezone.localtime(first):%Y-%m-%d}.zip"


def _members(jobs: JobQuerySet) -> Iterator[Member]:
    folders = jobs.order_by().values_list("folder", flat=True).distinct()
    paths = PortablePaths(folders, reserved=[NOT_INCLUDED])
    missing, modified = [], None
    for job in jobs.lean().order_by("created_at", "id").iterator(ROWS):
        modified = moment_of(job)
        if reason := _reason(job):
            missing.append(f"{job.folder}/{job.filename}: {reason}".removeprefix("/"))
        else:
            yield _member(job, paths.take(job.folder, job.result_filename))
    if missing and modified:
        yield _text("These videos are not in this archive:\n\n" + "\n".join(missing) + "\n", modified)


def moment_of(job: Job) -> datetime:
    """Which time its file bears."""
    return job.result_modified_at or timezone.localtime(job.created_at)


def _reason(job: Job) -> str | None:
    """Why its result is not here; None: it is."""
    if job.state == State.FAILED and job.problem:
        return f"{job.problem.title}. {job.problem.message}"
    if job.state == State.COMPLETED:
        return None if "crc32" in (job.result or {}) else "An older version made it: fetch it by itself."
    return REASONS[State(job.state)]


def _member(job: Job, path: str) -> Member:
    facts = job.result or {}
    file = storage.published(job.id, job.attempt, "result")
    return Member(path, moment_of(job), facts["size"], facts["crc32"], file.chunks)


def _text(words: str, modified: datetime) -> Member:
    content = words.encode()

    async def read(start: int, length: int) -> AsyncGenerator[bytes, None]:
        yield content[start : start + length]

    return Member(NOT_INCLUDED, modified, len(content), zlib.crc32(content), read)


def _nothing(states: set[str]) -> errors.Problem:
    if any(not State(state).is_final for state in states):
        return errors.ResultNotReady("None of these videos is done yet.", retry_after=5)
    return errors.JobExpired("None of these videos has a result: they failed, were canceled or have expired.")
