"""How a snapshot's values are shown to a person. The same words as `static/js/format.js`."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format

from jobs import encoding

register = template.Library()

OTHER_CODECS = {"vp8": "VP8", "vp9": "VP9", "mpeg4": "MPEG-4"}  # of originals
CODECS = {codec.name: codec.title for codec in encoding.CODECS.values()} | OTHER_CODECS


@register.simple_tag
def phases() -> dict[str, str]:
    """For the page's script."""
    return encoding.PHASES


@register.filter
def phase(name: str) -> str:
    return encoding.PHASES.get(name, "Starting")


@register.filter
def percent(fraction: float | str | None) -> str:
    """Nothing for what is not known, which a template may hand over as an empty string."""
    return f"{fraction:.0%}" if isinstance(fraction, int | float) else ""


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
def facts(progress: dict[str, Any] | None) -> str:
    """How fast, and for how long still."""
    progress = progress or {}
    speed, left = progress.get("speed"), progress.get("eta_seconds")
    words = [f"{speed:.1f}× as fast as it plays" if speed else "", f"about {span(left)} left" if left else ""]
    return " · ".join(filter(None, words))


@register.filter
def unlocalized(number: float | None) -> str:
    """For attributes, which a browser reads as code."""
    return "" if number is None else str(number)


@register.filter
def moment(rfc3339: str | None) -> str:
    return date_format(datetime.fromisoformat(rfc3339), "j F, H:i") + " UTC" if rfc3339 else ""


@register.filter
def result_facts(snapshot: dict[str, Any]) -> str:
    """1280 × 720 · H.264 · VMAF 95 · kept until 3 May, 12:00 UTC"""
    result = snapshot["result"]
    codec = result.get("video_codec") or ""
    words = [
        f"{result['width']} × {result['height']}" if result.get("width") else "",
        CODECS.get(codec, codec),
        f"VMAF {result['vmaf']:.0f}" if result.get("vmaf") else "",
        f"kept until {moment(snapshot['expires_at'])}",
    ]
    return " · ".join(filter(None, words))


@register.filter
def saved_bytes(snapshot: dict[str, Any]) -> int:
    result = snapshot["result"]
    return max(0, snapshot["source"]["size"] - result["size"]) if result else 0
