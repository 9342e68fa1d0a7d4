"""Whose a batch is. As with jobs: one's own; and those of nobody, to which knowing the id, a UUID, is the key."""

from jobs import errors
from jobs.models import Job, JobQuerySet, Owner


def jobs_of(owner: Owner, batch: str) -> JobQuerySet:
    """The jobs of a batch. Raises NotFound, also where it is somebody else's."""
    jobs = batches_of(owner, [batch])
    if owner.user is not None and not jobs.exists():
        jobs = batches_of(Owner(), [batch])
    if not jobs.exists():
        raise errors.NotFound("There is no such batch. It is known once its first job is, and as long as one is.")
    return jobs


def batches_of(owner: Owner, ids: list[str]) -> JobQuerySet:
    """The jobs of several batches of one owner."""
    return Job.objects.of_batches(*ids).filter(owner=owner.user)
