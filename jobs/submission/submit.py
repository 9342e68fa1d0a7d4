"""Submitting a job so that doing it again, at any moment and any number of times, changes nothing.

The client job id is the key; the database constraint decides who was first. What came under the same key
before is compared field by field with what comes now: the same is answered with the same job, anything else
is refused with the names of what differs.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from jobs import errors, lifecycle, schedule, shares
from jobs.models import Job, Owner
from jobs.states import State
from jobs.storage import storage
from jobs.storage.upload_handler import SourceUpload
from jobs.submission.admission import Newcomer, admit, disk_has_room
from jobs.submission.submission import Submission


@dataclass(frozen=True)
class Submitted:
    """The job that a submission led to. `replayed`: it was there before."""

    job: Job
    replayed: bool


def submit(submission: Submission) -> Submitted:
    """What came without bytes: they follow, or they are here already."""
    if submission.source_of is None:
        return begin_upload(submission)
    return begin_another(submission, submission.source_of)


def submit_whole(submission: Submission, uploaded: SourceUpload) -> Submitted:
    """One shot: the source is here, whole.

    1. The same key was used before: answer with that job.
    2. It is not admitted any more (`admission.py`): refuse; nothing is kept.
    3. Move the bytes into place, then commit the row; the queue learns of it after the commit.
    4. Somebody committed the same key meanwhile: take the bytes back and answer with their job.
    """
    if earlier := find(submission.owner, submission.client_job_id):
        return _replay(submission, earlier)
    admit(Newcomer(submission.owner, submission.size, to_come=0))
    job = submission.new_job()
    storage.adopt(uploaded, job.id)
    return _accept(submission, job)


def begin_another(submission: Submission, source_of: UUID) -> Submitted:
    """Another recipe for a source that is here. It is shared before the row is written: a crash in between leaves a
    name for the sweep to delete, and never a row without a source.
    """
    if earlier := find(submission.owner, submission.client_job_id):
        return _replay(submission, earlier)
    source = _source_of(submission.owner, source_of)
    submission = submission.of(source)
    disk_has_room(Newcomer(submission.owner, submission.size, to_come=0))
    job = submission.new_job()
    try:
        storage.share_source(source.id, job.id)
    except FileNotFoundError:  # deleted in this moment
        storage.delete_all(job.id)
        raise _without_source() from None
    return _accept(submission, job)


def begin_upload(submission: Submission) -> Submitted:
    """Resumable: the bytes follow by tus. The same key finds the same upload again, whatever became of it."""
    if earlier := find(submission.owner, submission.client_job_id):
        return _replay(submission, earlier, resumable=True)
    job = submission.new_job()
    try:
        with shares.counting():  # of two newcomers, the second is asked when the first is counted
            disk_has_room(Newcomer(submission.owner, submission.size, to_come=submission.size))
            storage.begin_source(job.id)
            lifecycle.announce(job)  # asks for its share
    except errors.Problem:
        storage.delete_all(job.id)
        raise
    except IntegrityError:
        storage.delete_all(job.id)
        return _replay(submission, _winner(submission), resumable=True)
    return Submitted(job, replayed=False)


def _accept(submission: Submission, job: Job) -> Submitted:
    """The source is in place; now the row."""
    try:
        lifecycle.accept(job)
    except errors.Problem:  # somebody else took the place meanwhile
        storage.delete_all(job.id)
        raise
    except IntegrityError:
        storage.delete_all(job.id)
        return _replay(submission, _winner(submission))
    (placed,) = schedule.place([job])
    return Submitted(placed, replayed=False)


def _source_of(owner: Owner, job_id: UUID) -> Job:
    """A job of somebody else is told apart from none by nobody."""
    job = Job.objects.filter(pk=job_id).lean().select_related("owner").first()
    if job is None or not owner.owns(job):
        raise errors.InvalidRequest(fields={"source_of": "None of your jobs has this id."})
    if not job.has_source:
        raise _without_source()
    return job


def _without_source() -> errors.InvalidRequest:
    return errors.InvalidRequest(fields={"source_of": "The video of this job is not here, or not all of it. Send it."})


def find(owner: Owner, client_job_id: str | None) -> Job | None:
    if client_job_id is None:
        return None
    jobs = Job.objects.owned_by(owner).lean().filter(client_job_id=client_job_id)
    return next(iter(schedule.place(jobs)), None)


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
