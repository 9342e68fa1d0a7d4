"""When work may begin: unless operators have paused all, and within `WORK_HOURS`. What runs is finished."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from jobs.models import Installation


@dataclass(frozen=True)
class Closure:
    """Nothing begins now: `until` then, or (None) until operators say so, or until a worker is back."""

    until: datetime | None = None
    no_worker: bool = False


def paused() -> QuerySet[Installation]:
    """Something is in it while operators have paused all."""
    return Installation.objects.exclude(paused_at=None)


def closure(now: datetime | None = None, *, is_paused: bool | None = None) -> Closure | None:
    """None: work may begin. Hours are meant in `TIME_ZONE`. `is_paused`, where that was asked already."""
    if paused().exists() if is_paused is None else is_paused:
        return Closure()
    here = timezone.localtime(now)
    if within_hours(settings.WORK_HOURS, here.time()):
        return None
    return Closure(next_time(settings.WORK_HOURS[0], here))


def within_hours(hours: tuple[time, time] | None, now: time) -> bool:
    """`hours` may go past midnight; None: always."""
    if hours is None:
        return True
    begins, ends = hours
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def next_time(clock: time, now: datetime) -> datetime:
    """When it will be that time next, today or tomorrow."""
    today = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
