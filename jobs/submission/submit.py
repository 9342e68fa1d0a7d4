"""Submitting a job so that doing it again, at any moment and any number of times, changes nothing.

The client job id is the key; the database constraint decides who was first. What came under the same key
before is compared field by field with what comes now: the same is answered with the same job, anything else
is refused with the names of what differs.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError

from jobs import errors, lifecycle
from jobs.encoding import Options
from jobs.models import Job, Owner
from jobs.states import State
from jobs.storage import storage
from jobs.storage.upload_handler import SourceUpload

MAX_ID_LENGTH = 255
BUSY_SECONDS = 30  # when to come back to a full queue or disk


@dataclass(frozen=True)
class Submission:
    """What a client asks for. `sha256` is "" where the bytes are yet to come."""

    owner: Owner
    client_job_id: str | None
    options: Options
    filename: str
    size: int
    sha256: str = ""

    def new_job(self) -> Job:
        return Job(
            id=uuid.uuid4(),
            owner=self.owner.user,
            visitor=self.owner.visitor,
            client_job_id=self.client_job_id,
            options=self.options.as_dict(),
            filename=self.filename,
            size=self.size,
            sha256=self.sha256,
        )

    def differences(self, job: Job) -> list[str]:
        """The names of the fields in which an earlier submission was another one."""
        ours = {"recipe": self.options.as_dict(), "filename": self.filename, "size": self.size}
        theirs: dict[str, Any] = {"recipe": job.options, "filename": job.filename, "size": job.size}
        if self.sha256 and job.sha256:
            ours["content"], theirs["content"] = self.sha256, job.sha256
        return [name for name in ours if ours[name] != theirs[name]]


@dataclass(frozen=True)
class Submitted:
    """The job that a submission led to. `replayed`: it was there before."""

    job: Job
    replayed: bool


def submit_whole(submission: Submission, uploaded: SourceUpload) -> Submitted:
    """One shot: the source is here, whole.

    1. The same key was used before: answer with that job.
    2. No room, or too many wait: refuse; nothing is kept.
    3. Move the bytes into place, then commit the row; the queue learns of it after the commit.
    4. Somebody committed the same key meanwhile: take the bytes back and answer with their job.
    """
    if earlier := find(submission.owner, submission.client_job_id):
        return _replay(submission, earlier)
    check_room(0)  # the bytes are on the disk already
    job = submission.new_job()
    storage.adopt(uploaded, job.id)
    try:
        lifecycle.accept(job)
    except IntegrityError:
        storage.delete_all(job.id)
        return _replay(submission, _winner(submission))
    return Submitted(job, replayed=False)


def begin_upload(submission: Submission) -> Submitted:
    """Resumable: the bytes follow by tus. The same key finds the same upload again, whatever became of it."""
    if earlier := find(submission.owner, submission.client_job_id):
        return _replay(submission, earlier, resumable=True)
    check_room(submission.size)
    job = submission.new_job()
    storage.begin_source(job.id)
    try:
        lifecycle.announce(job)
    except IntegrityError:
        storage.delete_all(job.id)
        return _replay(submission, _winner(submission), resumable=True)
    return Submitted(job, replayed=False)


def find(owner: Owner, client_job_id: str | None) -> Job | None:
    if client_job_id is None:
        return None
    return Job.objects.owned_by(owner).filter(client_job_id=client_job_id).with_position().first()


def check_client_job_id(value: str, owner: Owner) -> str:
    """1 to 255 printable characters; a UUID where nothing but the id would keep strangers out."""
    if not 1 <= len(value) <= MAX_ID_LENGTH or not value.isprintable():
        raise errors.InvalidRequest(fields={"client_job_id": "Use 1 to 255 printable characters."})
    if owner.is_unnamed and not _is_uuid(value):
        raise errors.InvalidRequest(
            fields={"client_job_id": "Without a session or a token this must be a UUID, so that nobody guesses it."}
        )
    return value


def check_size(size: int) -> None:
    if size > settings.MAX_UPLOAD_BYTES:
        raise errors.TooLarge(max_bytes=settings.MAX_UPLOAD_BYTES)
    if size <= 0:
        raise errors.InvalidRequest(fields={"file": "The file is empty."})


def clean_filename(name: str) -> str:
    """A label: the last part of any path, without control characters, 255 characters at most."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip()[-255:] or "video"


def check_room(size: int) -> None:
    if Job.objects.live().count() >= settings.MAX_QUEUED:
        raise errors.QueueFull(retry_after=BUSY_SECONDS)
    if storage.free_bytes() - size < settings.MIN_FREE_BYTES:
        raise errors.NoRoom(retry_after=BUSY_SECONDS)


def _winner(submission: Submission) -> Job:
    job = find(submission.owner, submission.client_job_id)
    if job is None:  # purged between the conflict and now
        raise errors.RequestInProgress(retry_after=1)
    return job


def _replay(submission: Submission, job: Job, *, resumable: bool = False) -> Submitted:
    if differs := submission.differences(job):
        raise errors.IdempotencyMismatch(differs=differs)
    if job.state == State.UPLOADING and not resumable:
        raise errors.RequestInProgress(retry_after=5)
    return Submitted(job, replayed=True)


def _is_uuid(value: str) -> bool:
    try:
        return bool(uuid.UUID(value))
    except ValueError:
        return False
