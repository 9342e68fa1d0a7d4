"""How much work a source is, before any of it is done: few bytes may hold days of large pictures."""

from jobs import errors
from jobs.encoding.encode import UNKNOWN_FPS
from jobs.encoding.media import MediaInfo

AN_HOUR = 1920 * 1080 * 30 * 3600 / 1e6  # megapixels of the film that people know: 1080p at 30 frames a second


def check_weight(media: MediaInfo, most: float | None) -> None:
    """`most` is in megapixels of all frames together; None is any. Raises SourceTooDemanding."""
    weight = megapixels(media)
    if most is not None and weight > most:
        raise errors.SourceTooDemanding(
            f"It is {media.frames or 0:,} pictures of {media.width}×{media.height}: as much work as {_hours(weight)} "
            f"of 1080p, and this server takes on at most {_hours(most)}. Send a shorter part, or a smaller picture."
        )


def megapixels(media: MediaInfo) -> float:
    """Of all pictures that have to be decoded."""
    frames = media.frames or (media.duration or 0.0) * (media.fps or UNKNOWN_FPS)
    return frames * media.width * media.height / 1e6


def _hours(weight: float) -> str:
    hours = weight / AN_HOUR
    return f"{hours:,.0f} hours" if hours >= 10 else f"{hours:.2g} hours"
