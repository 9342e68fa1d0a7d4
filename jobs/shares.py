"""What one owner may hold at a time, so that a stranger still gets in: places in the queue, uploads, bytes.

Somebody who did not sign in is counted twice: by the name of the browser, and, since anybody may have any number of
those, together with all others from the same network, who may hold twice as much as one.

A question costs an index scan over what the owner has files of, never over what others have or have had. It may be
asked at any time; the answer holds within `counting`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, Sum

from jobs import errors
from jobs.models import Job, JobQuerySet, Owner
from jobs.states import LIVE, State
from jobs.storage import storage
from jobs.storage.room import BUSY_SECONDS

SHARE_OF_DISK = 4  # an owner may fill one part of so many
NETWORK = 2  # owners whose shares all of one network may hold together
LOCK = 0x5348415245  # the number under which PostgreSQL knows the lock
FULL_SECONDS = 60  # results stay for longer


@dataclass(frozen=True)
class Holding:
    """What a holder has now. `weight`: as how many owners the holder counts."""

    weight: int
    uploads: int
    places: int
    bytes: int


@contextmanager
def counting() -> Iterator[None]:
    """A transaction during which nobody else counts, so that what comes at the same moment is counted too."""
    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def check_announcement(owner: Owner, size: int) -> None:
    """May this owner begin an upload of so many bytes?

    Raises TooManyUploads, QueueFull, QueueShareTaken, DiskShareTaken.
    """
    holdings = _holdings(owner)
    if any(holding.uploads >= holding.weight * settings.MAX_OPEN_UPLOADS for holding in holdings):
        raise errors.TooManyUploads(retry_after=BUSY_SECONDS)
    _check_submission(holdings, size)


def check_submission(owner: Owner, size: int) -> None:
    """May this owner submit a source of so many bytes? Raises QueueFull, QueueShareTaken, DiskShareTaken."""
    _check_submission(_holdings(owner), size)


def check_place(owner: Owner) -> None:
    """May this owner have one more job waiting? Raises QueueFull, QueueShareTaken."""
    _check_places(_holdings(owner))


def bytes_short(owner: Owner, size: int) -> int:
    """How much of what this owner keeps would have to go, so that so many bytes more may come; 0 or less: nothing."""
    return _bytes_short(_holdings(owner), size)


def bytes_per_owner() -> int:
    return settings.MAX_BYTES_PER_OWNER or storage.total_bytes() // SHARE_OF_DISK


def _check_submission(holdings: list[Holding], size: int) -> None:
    _check_places(holdings)
    _check_bytes(holdings, size)


def _check_places(holdings: list[Holding]) -> None:
    """At most half of the places that others have left free; so one half of them always stays for the next owner."""
    free = settings.MAX_QUEUED - Job.objects.live().count()
    if free <= 0:
        raise errors.QueueFull(retry_after=BUSY_SECONDS)
    if any(holding.places >= holding.weight * free for holding in holdings):
        raise errors.QueueShareTaken(retry_after=BUSY_SECONDS)


def _check_bytes(holdings: list[Holding], size: int) -> None:
    if _bytes_short(holdings, size) > 0:
        raise errors.DiskShareTaken(retry_after=FULL_SECONDS, max_bytes=bytes_per_owner())


def _bytes_short(holdings: list[Holding], size: int) -> int:
    """Who keeps nothing here may always send one: nobody is told to wait for what never comes."""
    most = bytes_per_owner()
    return max((holding.bytes + size - holding.weight * most for holding in holdings if holding.bytes), default=0)


def own(owner: Owner) -> JobQuerySet:
    """Whose share a job is in: of a program without a name, those from the same network."""
    if owner.user:
        return Job.objects.filter(owner=owner.user)
    mine = Job.objects.filter(owner=None, visitor=owner.visitor)
    return mine if owner.visitor else mine.filter(network=owner.network)


def _holdings(owner: Owner) -> list[Holding]:
    held = [_holding(own(owner), 1)]
    if not owner.user:
        held.append(_holding(Job.objects.filter(owner=None, network=owner.network), NETWORK))
    return held


def _holding(jobs: JobQuerySet, weight: int) -> Holding:
    counts = jobs.kept().aggregate(
        uploads=Count("state", filter=Q(state=State.UPLOADING)),
        places=Count("state", filter=Q(state__in=LIVE)),
        bytes=Sum("kept_bytes", default=0),
    )
    return Holding(weight, **counts)
