"""A ZIP that nobody has to write before it is sent: where each of its bytes lies is known from the start.

Entries are stored, not deflated: videos do not shrink any more. Since the size and the CRC-32 of each are known, so
are all headers, the directory at the end and every offset. So the length is known beforehand, the bytes are the same
each time, and a download that broke off goes on anywhere without reading what lies before.

The standard library's `zipfile` writes the headers and the directory, ZIP64 where they need it.
"""

import hashlib
import struct
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import IO, Any, cast

UNIX_TIME = 0x5455  # the extra field of Info-ZIP: a time in UTC, where ZIP's own is in nobody knows which zone
UTF8 = 0x800  # flag: the name is in UTF-8
ORDINARY_FILE = 0o100644 << 16
EARLIEST, LATEST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)
LAST_UNIX_TIME = 2**31 - 1


class ContentGone(Exception):
    """A file is shorter than it was said to be, or is not there any more: what was sent so far is not an archive."""


@dataclass(frozen=True)
class Member:
    """One file. `modified` is in the zone that its reader lives in; `read(start, length)` gives bytes of it."""

    path: str
    modified: datetime
    size: int
    crc32: int
    read: Callable[[int, int], AsyncIterator[bytes]]


class ZipLayout:
    """The whole archive, as a file to be served in any part (`storage.StoredFile`)."""

    def __init__(self, members: Iterable[Member]):
        self._parts: list[bytes | Member] = []
        offset, infos = 0, []
        for member in members:
            info = _info(member, offset)
            header = info.FileHeader()
            self._parts += [header, member]
            offset += len(header) + member.size
            infos.append(info)
        self._parts.append(_directory(infos, offset))
        self._ends = list(accumulate(map(_length, self._parts)))

    @property
    def size(self) -> int:
        return self._ends[-1]

    @property
    def digest(self) -> str:
        """Of all but the files' own bytes, for which their CRC-32 stand."""
        digest = hashlib.sha256()
        for part in self._parts:
            if isinstance(part, bytes):
                digest.update(part)
        return digest.hexdigest()

    async def chunks(self, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """Raises ContentGone in the middle, where a file went away meanwhile."""
        for part, begins, count in self._within(start, start + length):
            if isinstance(part, bytes):
                yield part[begins : begins + count]
            else:
                async with aclosing(_exactly(part, begins, count)) as pieces:
                    async for piece in pieces:
                        yield piece

    def _within(self, start: int, end: int) -> Iterator[tuple[bytes | Member, int, int]]:
        """The parts of which something lies between these offsets: from where in them, and how much."""
        for part, ends in zip(self._parts, self._ends, strict=True):
            begins = ends - _length(part)
            first, last = max(start, begins), min(end, ends)
            if first < last:
                yield part, first - begins, last - first


async def _exactly(member: Member, start: int, length: int) -> AsyncGenerator[bytes, None]:
    left = length
    try:
        async with aclosing(cast("AsyncGenerator[bytes, None]", member.read(start, length))) as pieces:
            async for piece in pieces:
                left -= len(piece)
                yield piece
    except FileNotFoundError:
        raise ContentGone(member.path) from None
    if left:
        raise ContentGone(member.path)


def _length(part: bytes | Member) -> int:
    return len(part) if isinstance(part, bytes) else part.size


def _info(member: Member, offset: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.path, min(max(EARLIEST, member.modified.timetuple()[:6]), LATEST))
    info.flag_bits = UTF8
    info.create_system = 3  # Unix, whose permissions follow
    info.external_attr = ORDINARY_FILE
    info.extra = _unix_time(member.modified)
    info.file_size = info.compress_size = member.size
    info.CRC = member.crc32
    info.header_offset = offset
    return info


def _unix_time(moment: datetime) -> bytes:
    seconds = min(max(0, int(moment.timestamp())), LAST_UNIX_TIME)
    return struct.pack("<HHBl", UNIX_TIME, 5, 1, seconds)


def _directory(infos: list[zipfile.ZipInfo], offset: int) -> bytes:
    """What stands at the end, of files that stand before this offset."""
    end = _End(offset)
    with zipfile.ZipFile(cast("IO[bytes]", end), "w") as archive:
        archive.infolist().extend(infos)
    return bytes(end.written)


class _End:
    """A file that is written from an offset on."""

    def __init__(self, offset: int):
        self._offset, self.written = offset, bytearray()

    def tell(self) -> int:
        return self._offset + len(self.written)

    def write(self, data: Any) -> int:
        self.written += data
        return len(data)

    def flush(self) -> None:
        """`zipfile` asks for it."""
