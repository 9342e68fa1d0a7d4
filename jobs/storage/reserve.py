"""A file that is only there to be given up: room for the last things that must be written when there is none.

Nothing of ours fills the disk: uploads are refused and encodes pause while `MIN_FREE_BYTES` are left. But others
may fill it. Then a job could not even be deleted, since that is written down too, by SQLite, which shares the
disk with the files; and Redis refuses to queue what it cannot write to its own file.

1. A write that finds no room gives the reserve up and is done again (`despite_full_disk`).
2. The sweep gives it up when next to nothing is left, for those who write without us: Redis.
3. What was given up is owed: it counts as taken, so that neither uploads nor encodes live on it. The sweep makes
   it again once there is room for it beside `MIN_FREE_BYTES`.
"""

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError

from jobs.storage.room import is_full

logger = logging.getLogger(__name__)

SIZE = 32 * 1024**2  # bytes
NEXT_TO_NOTHING = 4 * 1024**2

Answer = TypeVar("Answer")


def despite_full_disk(write: Callable[[], Answer]) -> Answer:
    """What `write` answers; done again with the reserve given up where there was no room for it."""
    try:
        return write()
    except (OSError, DatabaseError) as error:
        if not (is_full(error) and give_up()):
            raise
    return write()


def tend() -> bool:
    """Give it up or make it again, as the disk is now. Answers whether anything was done.

    Others may take the room for it meanwhile: then it stays owed.
    """
    free = shutil.disk_usage(settings.DATA_DIR).free
    if _path().exists():
        return free < NEXT_TO_NOTHING and give_up()
    return free >= settings.MIN_FREE_BYTES + SIZE and _make()


def owed() -> int:
    """Bytes that are free on the disk and are not to be used: those of the reserve, while it is not there."""
    return 0 if _path().exists() else SIZE


def give_up() -> bool:
    """False: it was given up already."""
    try:
        _path().unlink()
    except FileNotFoundError:
        return False
    logger.warning("The disk is full: the reserve of %s bytes was given up", f"{SIZE:,}")
    return True


def _make() -> bool:
    """Of random bytes: a file system that compresses would keep zeros in no room at all."""
    fresh = _path().with_suffix(".new")
    try:
        fresh.write_bytes(os.urandom(SIZE))
    except OSError as error:
        fresh.unlink(missing_ok=True)
        if is_full(error):
            return False
        raise
    fresh.rename(_path())
    return True


def _path() -> Path:
    return Path(settings.DATA_DIR) / "reserve"
