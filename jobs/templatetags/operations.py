"""What operators see first: how the whole installation is, in a few numbers and charts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template

from jobs import errors, queue, totals
from jobs.hours import closure
from jobs.states import State
from jobs.storage import storage
from jobs.unreachable import RedisUnreachable

register = template.Library()

SHOWN_FAILURES = 8
HEIGHT, STEP = 60.0, 10  # of a chart of hours, in its own units


@dataclass(frozen=True)
class Bar:
    """One hour of a chart; `x`, `y` and `height` as drawn, `value` as meant."""

    begins: datetime
    value: int
    x: int
    y: float
    height: float


@register.simple_tag
def overview() -> dict[str, Any]:
    """About ten queries, whatever is kept; what must be added up over all that is kept is added up once a minute."""
    states = totals.jobs_by_state()
    hours = totals.last_hours()
    return {
        "disk": _disk(),
        "workers": _workers(),
        "closure": closure(),
        "states": [(state.value, states.get(state, 0)) for state in State],
        "saved_bytes": totals.saved_by_all(),
        "failures": _failures(),
        "newest_failures": totals.NEWEST_FAILURES,
        "hours": hours,
        "done": chart([(hour.begins, hour.done) for hour in hours]),
        "saved": chart([(hour.begins, hour.saved_bytes) for hour in hours]),
        "done_today": sum(hour.done for hour in hours),
        "saved_today": sum(hour.saved_bytes for hour in hours),
        "failed_today": sum(hour.failed for hour in hours),
        "foretold": totals.foretold(),
    }


def chart(values: list[tuple[datetime, int]]) -> list[Bar]:
    """The highest bar is as high as the chart; an hour of which something is seen is never without a bar."""
    most = max((value for _, value in values), default=0) or 1
    heights = [max(1.0, round(HEIGHT * value / most, 1)) if value else 0.0 for _, value in values]
    return [
        Bar(begins, value, STEP * number, round(HEIGHT - height, 1), height)
        for number, ((begins, value), height) in enumerate(zip(values, heights, strict=True))
    ]


def _disk() -> dict[str, Any]:
    total, free = storage.total_bytes(), max(0, storage.free_bytes())
    return {"total": total, "free": free, "used": total - free, "has_room": storage.has_room()}


def _workers() -> dict[str, Any] | None:
    """None: nobody knows, while Redis is unreachable."""
    try:
        return {
            "live": queue.live_workers(),
            "blind": queue.blind_workers(),
            "turns": queue.length(),
            "film_seconds": queue.film_seconds(),
        }
    except RedisUnreachable:
        return None


def _failures() -> list[dict[str, Any]]:
    known = errors.catalogue()
    counted = list(totals.newest_failures().items())[:SHOWN_FAILURES]
    most = max((count for _, count in counted), default=1)
    return [
        {"code": code, "title": known[code].title if code in known else code, "count": count, "most": most}
        for code, count in counted
    ]
