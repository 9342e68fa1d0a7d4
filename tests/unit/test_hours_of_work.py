"""When work may begin."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from jobs.hours import next_time, within_hours

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hours", "now", "is_within"),
    [
        (None, time(12), True),
        ((time(22), time(7)), time(23), True),
        ((time(22), time(7)), time(6, 59), True),
        ((time(22), time(7)), time(7), False),
        ((time(9), time(17)), time(12), True),
        ((time(9), time(17)), time(17), False),
    ],
)
def test_hours_may_go_past_midnight(hours, now, is_within):
    assert within_hours(hours, now) is is_within


def test_the_next_time_is_today_or_tomorrow():
    noon = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
    assert next_time(time(22, 30), noon) == datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    assert next_time(time(12), noon) == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_next_time_is_by_the_clock_on_the_wall_also_when_that_is_put_forward():
    evening = datetime(2026, 3, 28, 23, tzinfo=BERLIN)
    assert next_time(time(22), evening).isoformat() == "2026-03-29T22:00:00+02:00"
