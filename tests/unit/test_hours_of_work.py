"""When work may begin, by which clock."""

from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from marshmallow import ValidationError

from compressor import environment
from compressor.environment import _zone
from jobs.hours import next_time, within_hours

BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = Path("/usr/share/zoneinfo/Asia/Tokyo")


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


def test_the_clock_is_that_of_a_zone_by_name_or_by_file():
    assert _zone("Europe/Berlin") == BERLIN
    assert hour_at_noon_of_utc(_zone(f":{TOKYO}")) == 21


@pytest.mark.parametrize(("path", "hour"), [(TOKYO, 21), (Path("/nothing/here"), 12)])
def test_without_a_name_it_is_the_machines_or_else_utc(monkeypatch, path, hour):
    monkeypatch.setattr(environment, "MACHINES_ZONE", path)
    assert hour_at_noon_of_utc(_zone("")) == hour


def hour_at_noon_of_utc(zone):
    return datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(zone).hour


@pytest.mark.parametrize("name", ["Europe/Nowhere", "CET-1CEST,M3.5.0", "/nothing/here"])
def test_a_zone_that_there_is_not_is_said_in_words(name):
    with pytest.raises(ValidationError, match="must be a time zone such as"):
        _zone(name)
