"""One connection to SQLite that stays open, so that others can open theirs on a full disk.

SQLite keeps an index of its log in a file, `-shm`, which the first one to connect makes and the last one to leave
deletes. All of ours connect for a moment each. Where there is no room to make that file nothing can be read, not even
the job that somebody wants to delete.
"""

from contextlib import suppress

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from jobs.unreachable import DatabaseUnreachable, database_or_unreachable

_held: BaseDatabaseWrapper | None = None


def hold() -> None:
    """For processes that last. Harmless when repeated; where it was not possible, the next time tries again."""
    global _held
    if _held is None and connection.vendor == "sqlite":
        with suppress(DatabaseUnreachable), database_or_unreachable():
            _held = _opened()


def release() -> None:
    global _held
    if _held is not None:
        _held.close()
        _held = None


def _opened() -> BaseDatabaseWrapper:
    kept = connection.copy()
    with kept.cursor() as cursor:
        cursor.execute("PRAGMA schema_version")  # reading makes the file
    return kept
