"""Room on the disk: what tells that there is none, and asking again while bytes come."""

from collections.abc import Callable

from django.db import DatabaseError

from jobs import errors
from jobs.full_disk import FULL_DISK

ASK_EVERY = 8 * 1024**2  # bytes
BUSY_SECONDS = 30  # when to come back to a full disk or queue
# SQLite's words for it (sqlite.org/rescode.html: SQLITE_FULL; an IOERR where its shared memory cannot grow),
# and PostgreSQL's (SQLSTATE 53100).
FULL_WORDS = ("disk is full", "disk I/O error", "No space left on device")


def is_full(error: BaseException) -> bool:
    """Whether a write failed for want of room, be it to a file or to the database."""
    if isinstance(error, DatabaseError):
        return any(words in str(error) for words in FULL_WORDS)
    return isinstance(error, OSError) and error.errno in FULL_DISK


class RoomWatch:
    """Asks for room again every few megabytes, since others fill the disk meanwhile."""

    def __init__(self, has_room: Callable[[], bool]):
        self._has_room = has_room
        self._unasked = 0

    def count(self, size: int) -> None:
        """So many bytes are about to be written. Raises NoRoom."""
        self._unasked += size
        if self._unasked >= ASK_EVERY:
            self._unasked = 0
            check(self._has_room)


def check(has_room: Callable[[], bool]) -> None:
    """Raises NoRoom."""
    if not has_room():
        raise errors.NoRoom(retry_after=BUSY_SECONDS)
