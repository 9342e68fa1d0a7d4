"""Who works here: each worker holds a lock on a file of its own, which the kernel lets go of when its process is gone.

So one that was killed is known to be gone at once to whoever shares its `DATA_DIR`; to others its lease tells.
"""

import fcntl
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings

TRIES, PAUSE = 20, 0.05  # seconds
logger = logging.getLogger(__name__)


def my_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def present() -> Iterator[None]:
    """While the block lasts. Where there can be no such file, one is present all the same."""
    path = _folder() / my_name()
    try:
        file = _locked(path)
    except OSError as error:
        logger.warning("Should this worker be lost, its lease will tell: %s", error)
        yield
        return
    with file:
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def those_gone() -> Iterator[set[str]]:
    """The names of those that ended without a word. Until the end of the block nobody is present under one of them."""
    with ExitStack() as files:
        gone = {path for path in _folder().glob("*") if _is_free(path, files)}
        yield {path.name for path in gone}
        for path in gone:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "workers"


def _locked(path: Path) -> IO[bytes]:
    """The sweep may lock and delete one of this name in the same moment; that takes it no longer than a blink."""
    path.parent.mkdir(exist_ok=True)
    for _ in range(TRIES):
        file = path.open("wb")
        with suppress(FileNotFoundError, BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(path.stat(), os.fstat(file.fileno())):
                return file
        file.close()
        time.sleep(PAUSE)
    raise BlockingIOError(f"{path.name} is the name of another worker, too")


def _is_free(path: Path, files: ExitStack) -> bool:
    """If so, it is locked until `files` are closed. What cannot be told stands for no."""
    with suppress(OSError):
        file = files.enter_context(path.open("r+b"))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
