"""How a snapshot's values are shown to a person. The same words as `static/js/format.js`."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format

register = template.Library()

PHASES = {
    "inspect": "Looking at it",
    "search": "Finding the best quality",
    "encode": "Compressing",
    "verify": "Checking the result",
    "publish": "Almost there",
}


@register.filter
def phase(name: str) -> str:
    return PHASES.get(name, "Starting")


@register.filter
def percent(fraction: float | None) -> str:
    return "" if fraction is None else f"{fraction:.0%}"


@register.filter
def unlocalized(number: float | None) -> str:
    """For attributes, which a browser reads as code."""
    return "" if number is None else str(number)


@register.filter
def moment(rfc3339: str | None) -> str:
    return date_format(datetime.fromisoformat(rfc3339), "j F, H:i") + " UTC" if rfc3339 else ""


@register.filter
def saved_bytes(snapshot: dict[str, Any]) -> int:
    result = snapshot["result"]
    return max(0, snapshot["source"]["size"] - result["size"]) if result else 0


@register.filter
def picture_pairs(snapshot: dict[str, Any]) -> list[tuple[str, str]]:
    """`frame-1-source.jpg` with `frame-1-result.jpg`, and so on."""
    pictures = snapshot["result"]["pictures"]
    befores = [url for url in pictures if "frame-" in url and "-source." in url]
    pairs = [(before, before.replace("-source.", "-result.")) for before in befores]
    return [(before, after) for before, after in pairs if after in pictures]
