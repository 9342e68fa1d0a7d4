"""SHA-256 of what has come so far, so that a finished upload need not be read again.

The states live in this process's memory. What another process received, or this one before it was restarted,
is read from the disk once, when the upload is resumed.
"""

import hashlib
from collections import OrderedDict
from typing import Protocol
from uuid import UUID

from jobs.storage import PartialSource


class Digest(Protocol):
    """What is used of a hash of hashlib's."""

    def update(self, data: bytes, /) -> None: ...
    def copy(self) -> "Digest": ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


PIECE = 1024 * 1024
REMEMBERED = 1000  # uploads at once; a forgotten one is only read again

_known: OrderedDict[UUID, tuple[int, Digest]] = OrderedDict()


def up_to(job_id: UUID, source: PartialSource, offset: int) -> Digest:
    """The hash of the first `offset` bytes, for the caller to go on with. Blocks on the disk."""
    start, known = _known.get(job_id, (0, hashlib.sha256()))
    if start > offset:
        start, known = 0, hashlib.sha256()
    digest = known.copy()
    while start < offset and (piece := source.read(start, min(PIECE, offset - start))):
        digest.update(piece)
        start += len(piece)
    return digest


def remember(job_id: UUID, offset: int, digest: Digest) -> None:
    _known[job_id] = (offset, digest)
    _known.move_to_end(job_id)
    while len(_known) > REMEMBERED:
        _known.popitem(last=False)


def forget(job_id: UUID) -> None:
    _known.pop(job_id, None)
