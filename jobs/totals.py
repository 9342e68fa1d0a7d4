"""Totals over all that is kept, which take the longer to count the more there is: each process counts once a minute.

What moves from moment to moment is not among them: of what waits and runs there is a bounded number, which an index
finds. Nothing is lost with a total: it is counted again from the rows.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from django.core.cache import caches
from django.db.models import Count

from jobs.models import Job, JobQuerySet, Owner
from jobs.states import FINAL

SECONDS = 60

T = TypeVar("T")


def jobs_by_state() -> dict[str, int]:
    """Live jobs as of now; those that ended as of less than a minute ago."""
    ended = Job.objects.filter(state__in=FINAL)
    return _counted(Job.objects.live()) | _once_a_minute("ended", lambda: _counted(ended))


def saved_bytes(owner: Owner, seen: Iterable[Job]) -> int:
    """By how much this owner's videos became smaller: all of `seen`, and others as of less than a minute ago."""
    latest = max((job.finished_at.timestamp() for job in seen if job.finished_at), default=0)
    key = f"saved:{owner.user.pk if owner.user else ''}:{owner.visitor}:{latest}"
    return _once_a_minute(key, Job.objects.owned_by(owner).saved_bytes)


def kept_source_bytes() -> int:
    """Of completed jobs, as of less than a minute ago."""
    return _once_a_minute("sources", Job.objects.spare_sources().total_size)


def _once_a_minute(key: str, count: Callable[[], T]) -> T:
    return cast(T, caches["totals"].get_or_set(key, count, SECONDS))


def _counted(jobs: JobQuerySet) -> dict[str, int]:
    return dict(jobs.order_by().values_list("state").annotate(jobs=Count("*")))
