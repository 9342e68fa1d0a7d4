"""Numbers and moments, as a person reads them. The same words as `static/js/format.js`."""

from datetime import datetime

from django import template
from django.utils.formats import date_format

from jobs.encoding import on_the_clock

register = template.Library()


@register.filter
def percent(fraction: float | str | None) -> str:
    """Nothing for what is not known, which a template may hand over as an empty string."""
    return f"{fraction:.0%}" if isinstance(fraction, int | float) else ""


@register.filter
def whole_percent(fraction: float | None) -> int:
    return round(100 * (fraction or 0))


@register.filter
def size(count: int | None) -> str:
    """Decimal units, as phones and disks are sold by: 1 MB is a million bytes."""
    value, unit = float(count or 0), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            break
        value /= 1000
    digits = 0 if unit == "bytes" or value >= 99.95 else 1
    return f"{value:.{digits}f}".removesuffix(".0") + f"\N{NO-BREAK SPACE}{unit}"


@register.filter
def span(seconds: float | None) -> str:
    """A stretch of time, as roughly as it is known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@register.filter
def clock(seconds: float) -> str:
    """Where in a film: 1:23.5."""
    return on_the_clock(round(seconds, 1))


def pace(speed: float | None) -> str:
    """How fast, in as many digits as it takes to say something."""
    if not speed or speed < 0.01:
        return ""
    return f"{speed:.{2 if speed < 0.1 else 1}f}× as fast as it plays"


@register.filter
def unlocalized(number: float | None) -> str:
    """For attributes, which a browser reads as code."""
    return "" if number is None else str(number)


@register.filter
def moment(rfc3339: str | None) -> str:
    return date_format(datetime.fromisoformat(rfc3339), "j F, H:i") + " UTC" if rfc3339 else ""
