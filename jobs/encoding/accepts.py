"""What an option accepts: how a value is read, and how that is described."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LATEST = 1_000_000  # seconds, eleven days
PATTERN = (
    r"^([0-9]{1,4}:)?([0-9]{1,5}:)?[0-9]{1,7}([.,][0-9]{1,9})?$"  # of JSON Schema; seconds up to 59 after a colon
)
CLOCK = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,5}):)?(\d{1,7}(?:[.,]\d{1,9})?)", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """One of these values, each with what a person calls it. `only`: those that not every recipe can use.

    `unasked` is what leaving it alone is called.
    """

    titles: Mapping[str, str]
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unasked: str = "as the recipe has it"

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.titles:
            raise ValueError(f"Use one of: {', '.join(self.titles)}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.titles)}


@dataclass(frozen=True)
class Whole:
    """A whole number. `usual` are those that a form offers; any other within the bounds may be sent too."""

    minimum: int
    maximum: int
    usual: tuple[int, ...] = ()
    unit: str = ""

    def parse(self, value: Any) -> int:
        wanted = f"Use a whole number from {self.minimum} to {self.maximum}."
        try:
            number = int(str(value))
        except ValueError:
            raise ValueError(wanted) from None
        if not self.minimum <= number <= self.maximum:
            raise ValueError(wanted)
        return number

    def schema(self) -> dict[str, Any]:
        examples = {"examples": list(self.usual)} if self.usual else {}
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum, **examples}


@dataclass(frozen=True)
class Moment:
    """A moment of the film: seconds, or h:mm:ss, as number or text. Kept in seconds, to the microsecond."""

    def parse(self, value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        moment = float(value) if is_number else self._read(str(value).strip())
        if not 0 <= moment <= LATEST:
            raise ValueError(f"Use a time from 0 to {LATEST:,} seconds.")
        return round(moment, 6)

    @staticmethod
    def _read(text: str) -> float:
        read = CLOCK.fullmatch(text)
        if not read:
            raise ValueError("Use seconds, or h:mm:ss, such as 83.5 or 1:23.5.")
        hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in read.groups())
        if (read[2] and seconds >= 60) or (read[1] and minutes >= 60):
            raise ValueError("Minutes and seconds of a time go up to 59.")
        return hours * 3600 + minutes * 60 + seconds

    def schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": 0, "maximum": LATEST}
        return {"anyOf": [number, {"type": "string", "pattern": PATTERN}], "examples": [83.5, "1:23.5"]}


def on_the_clock(seconds: float) -> str:
    """As people say it: 1:23.5."""
    whole, rest = divmod(round(seconds, 3), 60)
    hours, minutes = divmod(int(whole), 60)
    second = f"{rest:06.3f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02}:{second}" if hours else f"{minutes}:{second}"
