"""Sources that are kept after their job, so that another recipe needs no upload. They go first when room is short."""

from collections.abc import Callable

from jobs import errors, shares
from jobs.lifecycle.transition import update_in_place
from jobs.models import Job, JobQuerySet, Owner
from jobs.states import State
from jobs.storage import storage

AT_ONCE = 1000  # that may go for one newcomer


def delete_source(job: Job) -> Job | None:
    """Of a completed job; its result stays. None: it was gone already.

    The file goes first: if the row cannot be written then, it says so when the source would have expired.
    """
    storage.delete_source(job.id)
    kept_bytes = job.result["size"] if job.result else 0
    only = {"source_expires_at__isnull": False}
    return update_in_place(job, State.COMPLETED, only=only, source_expires_at=None, kept_bytes=kept_bytes)


def ask_for_share(check: Callable[[Owner, int], None], owner: Owner, size: int) -> None:
    """What a question of `shares` answers, once the owner's kept sources went as far as that helps."""
    try:
        check(owner, size)
    except errors.DiskShareTaken:
        if not make_room(shares.bytes_short(owner, size), shares.own(owner)):
            raise
        check(owner, size)


def make_room(short: int, among: JobQuerySet | None = None) -> bool:
    """Delete as many sources as it takes. False, and none is deleted, where all together would not do."""
    jobs = Job.objects.all() if among is None else among
    chosen: list[Job] = []
    for job in jobs.spare_sources().lean()[:AT_ONCE]:
        if short <= 0:
            break
        chosen.append(job)
        short -= job.size
    if short > 0:
        return False
    for job in chosen:
        delete_source(job)
    return bool(chosen)
