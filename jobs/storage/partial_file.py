"""A source that is still growing: the file to which a resumable upload appends.

The size of the file is the upload's offset. Nothing else records it, so nothing can disagree with it, and
what a killed process wrote counts. Two exceptions keep that true:

1. One writer at a time, by `flock`: it works across processes, and the kernel lifts it whatever becomes of
   the one that held it.
2. Bytes whose checksum is not verified yet do not count. A mark beside the file says where they begin; the
   next writer cuts them off, should the one that left the mark have died.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from jobs.storage.base import UploadInUse


@contextlib.contextmanager
def locked(path: Path) -> Iterator["PartialFile"]:
    """The file, locked for this writer. Raises UploadInUse, or FileNotFoundError where it was deleted meanwhile."""
    with FileIO(path, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadInUse() from None
        yield PartialFile(path, file)


def received(path: Path) -> int:
    """How many bytes of this file count. Needs no lock."""
    with contextlib.suppress(FileNotFoundError):
        return int(_mark(path).read_text())
    return path.stat().st_size


class PartialFile:
    """The file while it is locked. Every method may block on the disk: call them in a thread."""

    def __init__(self, path: Path, file: FileIO):
        self._path = path
        self._file = file
        self.roll_back()

    @property
    def size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def read(self, start: int, length: int) -> bytes:
        return os.pread(self._file.fileno(), length, start)

    def append(self, data: bytes) -> None:
        """Write all of it; if the disk fills up, what fitted stays."""
        self._file.seek(0, os.SEEK_END)
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]

    def begin_unverified(self) -> None:
        """What is appended from here on does not count before `commit`."""
        fresh = self._path.with_suffix(".mark")
        fresh.write_text(str(self.size))
        fresh.rename(_mark(self._path))

    def commit(self) -> None:
        _mark(self._path).unlink(missing_ok=True)

    def roll_back(self) -> None:
        """Cut off what does not count."""
        with contextlib.suppress(FileNotFoundError):
            self._file.truncate(int(_mark(self._path).read_text()))
        self.commit()

    def sync(self) -> None:
        os.fsync(self._file.fileno())


def _mark(path: Path) -> Path:
    return path.with_suffix(".unverified")
