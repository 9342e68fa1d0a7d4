"""What a kind of storage must be able to do."""

import hashlib
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from uuid import UUID

from jobs.storage.upload_handler import SourceUpload

READ_AT_ONCE = 1024 * 1024  # bytes


class UploadInUse(Exception):
    """Another request is writing to this source."""


class StoredFile(Protocol):
    """A file to be served. `size` is in bytes."""

    @property
    def size(self) -> int: ...

    def chunks(self, start: int, length: int) -> AsyncIterator[bytes]:
        """So many bytes from `start` on, in pieces of constant memory."""


class PartialSource(Protocol):
    """A source that is still growing, while it is locked for one writer. Every method may block."""

    @property
    def size(self) -> int:
        """How many bytes are here."""

    def read(self, start: int, length: int) -> bytes: ...

    def append(self, data: bytes) -> None: ...

    def begin_unverified(self) -> None:
        """What is appended from here on does not count before `commit`."""

    def commit(self) -> None: ...

    def roll_back(self) -> None:
        """Cut off what does not count."""

    def sync(self) -> None:
        """What was appended outlives a power cut."""


class Storage(Protocol):
    """A source grows or is adopted; an attempt works in scratch space and publishes; files are served; all go.

    `FileNotFoundError` where a job's files were deleted meanwhile.
    """

    # The source.

    def adopt(self, uploaded: SourceUpload, job_id: UUID) -> None:
        """Make a one-shot upload the job's source, durably."""

    def share_source(self, of: UUID, job_id: UUID) -> None:
        """Make the whole source of one job that of another too, without a copy; it stays until both deleted it."""

    def begin_source(self, job_id: UUID) -> None:
        """An empty source, to which an upload will append."""

    def append(self, job_id: UUID) -> AbstractContextManager[PartialSource]:
        """The growing source, locked. Raises UploadInUse."""

    def received_bytes(self, job_id: UUID) -> int:
        """How far an upload is; needs no lock."""

    def keep_metadata(self, job_id: UUID, header: str) -> None:
        """What a tus client said of its upload, to be told back word for word."""

    def kept_metadata(self, job_id: UUID) -> str: ...

    def local_source(self, job_id: UUID) -> AbstractContextManager[Path]:
        """The source as a file on this machine, for as long as the block lasts."""

    # A worker's attempt.

    def scratch(self, job_id: UUID, attempt: int) -> AbstractContextManager[Path]:
        """An empty local directory for one attempt, gone afterwards whatever happened."""

    def publish(self, job_id: UUID, attempt: int, files: Mapping[str, Path]) -> None:
        """Put an attempt's files where they will be served from. The row decides later whether they count."""

    def publish_source(self, job_id: UUID, attempt: int) -> None:
        """The same where the result is the source itself."""

    def withdraw(self, job_id: UUID, attempt: int) -> None:
        """Take back what an attempt published, since the row says that it does not count."""

    def published(self, job_id: UUID, attempt: int, name: str) -> StoredFile:
        """`name` must be one that the row lists: it is never taken from a request unchecked."""

    # What there is to choose from.

    def publish_offers(self, job_id: UUID, attempt: int, files: Mapping[str, Path]) -> None:
        """Pictures of qualities that an attempt offers. The row decides later whether they count."""

    def offered(self, job_id: UUID, attempt: int, name: str) -> StoredFile:
        """`name` must be one that the row lists."""

    def withdraw_offers(self, job_id: UUID, attempt: int) -> None: ...

    # A piece.

    def piece_scratch(self, job_id: UUID, number: int, attempt: int) -> AbstractContextManager[Path]:
        """As `scratch`, for one attempt at one piece; others of the same job may be at work beside it."""

    def keep_piece(self, job_id: UUID, number: int, attempt: int, files: Mapping[str, Path]) -> None:
        """Durably; the row decides later whether they count. `piece` is one of them."""

    def local_pieces(self, job_id: UUID, kept: Sequence[tuple[int, int]]) -> AbstractContextManager[list[Path]]:
        """The directories with the files of pieces, by number and attempt, on this machine while the block lasts."""

    def delete_pieces(self, job_id: UUID) -> None: ...

    # Ends.

    def delete_scratch(self, job_id: UUID, attempt: int) -> None:
        """What attempts up to this one had in hand, whose workers were killed."""

    def delete_piece_scratch(self, job_id: UUID, number: int) -> None:
        """The same of a piece."""

    def delete_source(self, job_id: UUID) -> None: ...

    def delete_all(self, job_id: UUID) -> None: ...

    def idle_job_ids(self, seconds: float) -> Iterator[UUID]:
        """Jobs whose files have not changed for so long: what is younger may still be on its way to a row."""

    def delete_stale_incoming(self) -> None:
        """Delete what is left of one-shot uploads whose process died."""

    # The whole of it.

    def name(self) -> str | None:
        """That by which a database knows these files as its own. None: they were never given one, or are not here."""

    def give_name(self, name: str) -> None: ...

    # Room.

    def free_bytes(self) -> int:
        """Below 0 where even what is kept in reserve is gone."""

    def has_room(self) -> bool:
        """Whether `MIN_FREE_BYTES` are free still: else nothing more may be taken in or made."""

    def incoming_bytes(self) -> int:
        """How many bytes of one-shot uploads that have begun are yet to come."""

    def total_bytes(self) -> int:
        """Free or not."""

    def is_writable(self) -> bool: ...


def crc32_of(path: Path) -> int:
    """Of a file on this machine, as ZIP has it. Reads it through."""
    found = 0
    with path.open("rb") as file:
        while piece := file.read(READ_AT_ONCE):
            found = zlib.crc32(piece, found)
    return found


def sha256_of(source: PartialSource) -> str:
    """In hexadecimal, of all that is there. Reads it through."""
    digest, start = hashlib.sha256(), 0
    while piece := source.read(start, READ_AT_ONCE):
        digest.update(piece)
        start += len(piece)
    return digest.hexdigest()
