"""The periodic duty: expire, rescue, re-enqueue, abandon, purge and the like. All is safe to do twice, or late."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone

from jobs import lifecycle, presence, schedule
from jobs.models import Job, Piece
from jobs.storage import UploadInUse, reserve, sha256_of, storage

T = TypeVar("T")
logger = logging.getLogger(__name__)

BATCH = 200  # rows a duty takes at once, so that none keeps the others waiting
SETTLED = timedelta(seconds=3)  # a row this young may still be on its way to the queue
CUT_OFF = 3600  # seconds after which files without a row are not on their way to one any more


def sweep() -> dict[str, int]:
    """Do every duty once. Answers how many jobs each one touched."""
    return {name: duty() for name, duty in DUTIES.items()}


def _reserve() -> int:
    """First, so that what comes after it can be written down."""
    return int(reserve.tend())


def _expire() -> int:
    return _each(Job.objects.due_to_expire()[:BATCH], lifecycle.expire)


def _sources() -> int:
    """Kept for another recipe only: until they are due, or until work stands still for want of room."""
    due = _each(
        Job.objects.kept_sources().filter(source_expires_at__lte=timezone.now())[:BATCH], lifecycle.delete_source
    )
    spare = [] if storage.has_room() else Job.objects.spare_sources()[:BATCH]
    return due + sum(not storage.has_room() and lifecycle.delete_source(job) is not None for job in spare)


def _rescue() -> int:
    with presence.those_gone() as workers:
        lifecycle.presume_lost(workers)
        lost = _each(Job.objects.lost()[:BATCH], lifecycle.rescue)
        pieces = Piece.objects.wanted().lost().select_related("job")[:BATCH]
        rescued = lost + _each(pieces, lifecycle.rescue_piece)
        lifecycle.clear_up_after(workers)
    return rescued


def _abandon() -> int:
    silent = _each(Job.objects.abandoned()[:BATCH], lifecycle.abandon)
    unchosen = _each(Job.objects.choices_to_lapse()[:BATCH], lifecycle.lapse)
    return silent + unchosen + sum(_abandon_if_empty(job) for job in Job.objects.empty_uploads()[:BATCH])


def _abandon_if_empty(job: Job) -> bool:
    """An announcement alone holds a place for minutes only. Bytes that came and were not noted are noted now."""
    if received := storage.received_bytes(job.id):
        lifecycle.note_upload(job, received)
        return False
    return lifecycle.abandon(job) is not None


def _forget() -> int:
    return _each(Job.objects.failures_to_forget()[:BATCH], lifecycle.forget_failure)


def _finish() -> int:
    """Queue uploads that are whole: their server died between the last byte and its answer."""
    return sum(_finish_if_whole(job) for job in Job.objects.silent_uploads(SETTLED)[:BATCH])


def _finish_if_whole(job: Job) -> bool:
    if storage.received_bytes(job.id) < job.size:
        return False
    with suppress(UploadInUse, FileNotFoundError), storage.append(job.id) as source:
        source.sync()
        return lifecycle.finish_upload(job, sha256_of(source)) is not None
    return False


def _purge() -> int:
    return _each(Job.objects.tombstones_to_purge()[:BATCH], lifecycle.purge)


def _tidy() -> int:
    """Delete files that no row accounts for, which crashes left behind."""
    storage.delete_stale_incoming()
    stale = _without_claim_on_files(_rounds.next_batch())
    for job_id in stale:
        storage.delete_all(job_id)
    return len(stale)


def _without_claim_on_files(job_ids: list[UUID]) -> set[UUID]:
    return set(job_ids) - set(Job.objects.kept().filter(pk__in=job_ids).values_list("pk", flat=True))


class _Rounds:
    """Goes round all that is stored, a batch at a time, so that a sweep costs the same whatever is kept."""

    def __init__(self) -> None:
        self._rest: Iterator[UUID] = iter(())

    def next_batch(self) -> list[UUID]:
        batch = list(islice(self._rest, BATCH))
        if not batch:
            self._rest = storage.idle_job_ids(CUT_OFF)
            batch = list(islice(self._rest, BATCH))
        return batch


_rounds = _Rounds()


def _sign_out() -> int:
    """Delete sessions that are over; nobody else does."""
    over = Session.objects.filter(expire_date__lt=timezone.now()).values_list("pk", flat=True)[:BATCH]
    return Session.objects.filter(pk__in=list(over)).delete()[0]


def _each(rows: Iterable[T], verb: Callable[[T], object]) -> int:
    found = list(rows)
    for row in found:
        verb(row)
    return len(found)


DUTIES: dict[str, Callable[[], int]] = {
    "reserve": _reserve,
    "expire": _expire,
    "sources": _sources,
    "rescue": _rescue,
    "suspect": lifecycle.suspect,
    "finish": _finish,
    "enqueue": schedule.call_workers,
    "abandon": _abandon,
    "forget": _forget,
    "purge": _purge,
    "tidy": _tidy,
    "sign_out": _sign_out,
}
