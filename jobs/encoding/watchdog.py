"""Ending an ffmpeg that stands still: whatever it waits for, it would wait for ever."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from jobs.encoding.progress import Reading

IDLE = 0.02  # of one processor; a child that uses less is waiting for something
PATIENCE = 10  # times as long for one that is at work: the first picture of a large film may take minutes
LONGEST_STEP = 1.0  # seconds between two looks; beyond that nobody looked, and what happened meanwhile is not known
TICKS = os.sysconf("SC_CLK_TCK")


class Watchdog:
    """Of one run. `seconds` is how long it may be without progress in media time; None is for ever."""

    def __init__(self, pid: int, seconds: float | None, clock: Callable[[], float] = time.monotonic):
        self._pid, self._seconds, self._clock = pid, seconds, clock
        self._reading, self._looked = Reading(), clock()
        self._begin()

    def finds_stalled(self, reading: Reading) -> bool:
        now = self._clock()
        self._quiet += min(now - self._looked, LONGEST_STEP)
        self._looked = now
        if _moved(self._reading, reading):
            self._reading = reading
            self._begin()
        if self._seconds is None or self._quiet <= self._seconds:
            return False
        is_at_work = processor_seconds(self._pid) - self._worked > IDLE * self._quiet
        return not is_at_work or self._quiet > PATIENCE * self._seconds

    def _begin(self) -> None:
        self._quiet, self._worked = 0.0, processor_seconds(self._pid)


def processor_seconds(pid: int) -> float:
    """That a process has spent on processors; 0 when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    except (OSError, IndexError):
        return 0.0


def _moved(before: Reading, now: Reading) -> bool:
    return (before.seconds, before.frames, before.bytes) != (now.seconds, now.frames, now.bytes)
