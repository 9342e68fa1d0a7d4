"""Memory that threads used for a moment goes back to the system; by itself glibc keeps it, for each of forty."""

import ctypes
from collections.abc import Callable

from twisted.internet.task import LoopingCall

EVERY = 20.0  # seconds; it takes a few milliseconds


def give_back() -> None:
    """Nothing where the C library has no such thing (musl)."""
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def give_back_regularly() -> None:
    """From when the reactor runs."""
    LoopingCall(give_back).start(EVERY, now=False)
