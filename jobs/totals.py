"""Totals over all that is kept, which take the longer to count the more there is: each process counts once a minute.

What moves from moment to moment is not among them: of what waits and runs there is a bounded number, which an index
finds. Nothing is lost with a total: it is counted again from the rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

from django.core.cache import caches
from django.db.models import Count, Sum
from django.utils import timezone

from jobs.models import Experience, Job, JobQuerySet, Owner, Piece
from jobs.states import FINAL, LIVE, State

SECONDS = 60
NEWEST_FAILURES = 500
NEWEST_ENDS = 5000  # of a day; what came before them that day is not drawn
HOURS = 24

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


def saved_by_all() -> int:
    """By how much the videos of all became smaller."""
    return _once_a_minute("saved-by-all", Job.objects.saved_bytes)


def pieces_by_state() -> dict[str, int]:
    """Of live jobs only, so that it does not cost more the more is kept."""
    pieces = Piece.objects.filter(job__state__in=LIVE).order_by()
    return dict(pieces.values_list("state").annotate(pieces=Count("*")))


def newest_failures() -> dict[str, int]:
    """How many of the newest failed jobs failed for which reason (a code), the most frequent first."""
    return _once_a_minute("failures", _newest_failures)


def _newest_failures() -> dict[str, int]:
    failed = Job.objects.filter(state=State.FAILED).order_by("-finished_at")
    codes = Counter(failed.values_list("error_code", flat=True)[:NEWEST_FAILURES])
    return dict(codes.most_common())


@dataclass(frozen=True)
class Hour:
    """What ended in the hour from `begins` on."""

    begins: datetime
    done: int
    failed: int
    saved_bytes: int


def last_hours() -> list[Hour]:
    """A day of them, the oldest first; the last one is not over."""
    return _once_a_minute("hours", _last_hours)


def _last_hours() -> list[Hour]:
    """Each state by itself, since only so an index has them in the order of their ends."""
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=HOURS - 1)
    done, failed, saved = Counter[datetime](), Counter[datetime](), Counter[datetime]()
    for state in (State.COMPLETED, State.EXPIRED, State.FAILED):
        ended = Job.objects.filter(state=state, finished_at__gte=first).order_by("-finished_at")
        for finished_at, saving in ended.values_list("finished_at", "saved_bytes")[:NEWEST_ENDS]:
            hour = cast(datetime, finished_at).replace(minute=0, second=0, microsecond=0)
            (failed if state == State.FAILED else done)[hour] += 1
            saved[hour] += max(0, saving)
    begins = [first + timedelta(hours=number) for number in range(HOURS)]
    return [Hour(hour, done[hour], failed[hour], saved[hour]) for hour in begins]


@dataclass(frozen=True)
class Foretold:
    """Of the jobs of late (the older, the less they count): in which share what was told beforehand came true."""

    jobs: int
    bytes_right: float
    seconds_right: float


def foretold() -> Foretold | None:
    """None: nothing was told yet. A few dozen rows, whatever is kept."""
    sums = Experience.objects.aggregate(told=Sum("told"), size=Sum("bytes_right"), time=Sum("seconds_right"))
    if not sums["told"]:
        return None
    return Foretold(round(sums["told"]), sums["size"] / sums["told"], sums["time"] / sums["told"])


def _once_a_minute(key: str, count: Callable[[], T]) -> T:
    return cast(T, caches["totals"].get_or_set(key, count, SECONDS))


def _counted(jobs: JobQuerySet) -> dict[str, int]:
    return dict(jobs.order_by().values_list("state").annotate(jobs=Count("*")))
