"""How far an encode is, from what `ffmpeg -progress` prints."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

PHASES = ("inspect", "search", "encode", "verify", "publish")
SHARE_OF_ENCODE = 0.97  # of the whole job; verifying and publishing take the rest


@dataclass(frozen=True)
class Progress:
    """`fraction` is of the whole job and below 1; `speed` is media seconds per second; None is unknown."""

    phase: str
    fraction: float | None = None
    fps: float | None = None
    speed: float | None = None
    eta_seconds: float | None = None
    bytes: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Report = Callable[[Progress], bool]


def advance(progress: Progress, line: str, duration: float | None) -> Progress:
    """The progress after one `key=value` line. Values may be `N/A`; `out_time_ms` is in microseconds."""
    key, _, text = line.strip().partition("=")
    value = _number(text)
    if value is None:
        return progress
    match key:
        case "out_time_us":
            return _at(progress, max(0.0, value / 1_000_000), duration)
        case "fps":
            return replace(progress, fps=value or None)
        case "speed":
            return replace(progress, speed=value or None)
        case "total_size":
            return replace(progress, bytes=int(value))
        case _:
            return progress


def _at(progress: Progress, seconds: float, duration: float | None) -> Progress:
    if not duration:
        return progress
    fraction = max(progress.fraction or 0.0, min(seconds / duration, 1.0) * SHARE_OF_ENCODE)
    left = max(0.0, duration - seconds)
    eta = round(left / progress.speed, 1) if progress.speed else None
    return replace(progress, fraction=round(fraction, 4), eta_seconds=eta)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().removesuffix("x"))
    except ValueError:
        return None
