"""Whether all that a job needs is there: for `/readyz`, and for the start-up checks."""

from django.db import connection

from jobs import queue
from jobs.storage import storage
from jobs.unreachable import DatabaseUnreachable, RedisUnreachable, database_or_unreachable


def findings() -> dict[str, str]:
    """Of each part, `ok` or one word on what is wrong; details are in the log, not for strangers."""
    redis = _redis()
    return {
        "database": _database(),
        "redis": redis,
        "storage": _storage(),
        "workers": _workers() if redis == "ok" else "unknown",  # a Redis that is silent is waited for once
    }


def _database() -> str:
    try:
        with database_or_unreachable(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseUnreachable:
        return "unreachable"
    return "ok"


def _redis() -> str:
    try:
        queue.ping()
    except RedisUnreachable:
        return "unreachable"
    return "ok"


def _storage() -> str:
    if not storage.is_writable():
        return "unwritable"
    return "ok" if storage.has_room() else "full"


def _workers() -> str:
    """`blind`: there are some, but they do not see the files of this database, and take no jobs."""
    try:
        if queue.live_workers():
            return "ok"
        return "blind" if queue.blind_workers() else "none"
    except RedisUnreachable:
        return "unknown"
