"""When it was filmed and what else a file tells of it, as cameras, telephones and editors write it down."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jobs.inspection.texts import clean, tells_place

INSTANT = "creation_time"  # as ffmpeg calls it, whatever the container does
# The same with the zone of the place: by Apple, by Matroska, by QuickTime of old; RIFF and others say only the day.
DATES = ("com.apple.quicktime.creationdate", "date_recorded", "date")
WRITTEN = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[-+]\d\d:?\d\d)?)?)?)?")
DAY = len("2024-05-01")
PLACE = re.compile(r"(?i)location|gps|xyz|\bgeo")
CAMERA = re.compile(r"(?i)\b(make|model|manufacturer|serial|lens|camera)\b")


def dates(container: Any, picture: Any) -> dict[str, str]:
    """`creation_time`, an instant in UTC, and `creation_date`, as it was written there; "" where nobody said."""
    said = {**_lowered(picture.metadata), **_lowered(container.metadata)}
    there = next((date for name in DATES if (date := _date(said.get(name, "")))), "")
    at = _date(said.get(INSTANT, ""))
    if at and not there and not _has_zone(at):
        there = at
    return {"creation_time": _instant(at) or _instant(there), "creation_date": there}


def tells(container: Any) -> list[str]:
    """Of `place` and `camera`, what its tags tell."""
    said = [pair for tagged in (container, *container.streams) for pair in tagged.metadata.items()]
    told = {
        "place": any(PLACE.search(name) or tells_place(clean(text)) for name, text in said),
        "camera": any(CAMERA.search(name) for name, _ in said),
    }
    return [name for name, is_told in told.items() if is_told]


def _lowered(tags: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): text for name, text in tags.items()}


def _date(text: str) -> str:
    """It, if it is a date and nothing else: what is written there may be anything."""
    text = clean(text, 40)
    try:
        return text if WRITTEN.fullmatch(text) and (len(text) < DAY or datetime.fromisoformat(text)) else ""
    except ValueError:
        return ""


def _has_zone(date: str) -> bool:
    return len(date) > DAY and datetime.fromisoformat(date).tzinfo is not None


def _instant(date: str) -> str:
    """Cameras that know no zone mean their own clock, and are taken at their word."""
    if len(date) <= DAY:
        return ""
    said = datetime.fromisoformat(date)
    try:
        there = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except OverflowError:  # in the last hours of the year 9999
        return ""
    return there.isoformat(timespec="microseconds").replace("+00:00", "Z")
