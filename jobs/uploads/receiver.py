"""The bytes of one request on their way into the source of a job.

1. Lock the upload: whoever else writes to it is refused with 423.
2. Look again whether the offset is right, now that nobody can move it: 409.
3. Append what comes, as it comes, for as long as there is room: 503, what came is kept. Memory holds one
   piece; the disk holds the offset.
4. Every few seconds tell the watchers; if the job was given up meanwhile, stop.
5. The sender left, or is silent for so long that it is taken to have left: what came is kept, unless a checksum
   was to prove it; then it is cut off.
6. The checksum does not match: cut off what came, 460.
7. The first bytes are those of something else than a video: the job fails at once.
8. The last byte is in: sync the disk, then queue the job.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jobs import errors, first_bytes, lifecycle
from jobs.models import Job
from jobs.states import State
from jobs.storage import PartialSource, UploadInUse, storage
from jobs.storage.room import BUSY_SECONDS, RoomWatch, is_full
from jobs.threads import in_database_thread
from jobs.unreachable import DatabaseUnreachable, database_or_unreachable
from jobs.uploads import digests
from jobs.uploads.protocol import Checksum

# A client whose connection broke unnoticed comes back at once, and tus-js-client gives up after 9 s of trying:
# the lock must be free by then.
SILENCE_SECONDS = 8
LOCK_SECONDS = 1
NOTE_SECONDS = 2

Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass
class Grant:
    """What a view allowed: these bytes may go to this job, from this offset."""

    job: Job
    offset: int
    checksum: Checksum | None = None


class SenderLeft(Exception):
    """The body did not come to its end."""


async def take(grant: Grant, receive: Receive) -> Job:
    """The job with what came added to it: still uploading, or queued. Raises Problem or SenderLeft."""
    with _as_problem():
        async with _hold(grant.job) as source:
            if source.size != grant.offset:
                raise errors.WrongOffset(offset=source.size)
            await _receive(grant, source, receive)
            if source.size < grant.job.size:
                job: Job = await _note(grant.job, source.size)
            else:
                sha256 = await _in_thread(_seal, grant.job, source)
                job = await in_database_thread(_queue)(grant.job, sha256)
            return job


async def _receive(grant: Grant, source: PartialSource, receive: Receive) -> None:
    try:
        await _Receiver(grant, source).run(receive)
    except errors.NotAVideo as failure:
        await in_database_thread(lifecycle.abandon)(grant.job, failure)
        raise


def offset_of(job: Job) -> int:
    """How many bytes of the source are here."""
    return storage.received_bytes(job.id) if job.state == State.UPLOADING else job.size


def _seal(job: Job, source: PartialSource) -> str:
    """Make sure that the bytes outlive a power cut; their SHA-256."""
    source.sync()
    digest = digests.up_to(job.id, source, job.size)
    digests.forget(job.id)
    return digest.hexdigest()


def _queue(job: Job, sha256: str) -> Job:
    with database_or_unreachable():
        queued = lifecycle.finish_upload(job, sha256)
    if queued is None:
        raise errors.JobCanceled()
    return queued


class _Receiver:
    def __init__(self, grant: Grant, source: PartialSource):
        self.job = grant.job
        self.checksum = grant.checksum
        self.source = source
        self.left = grant.job.size - grant.offset
        self.proof = grant.checksum.new_hash() if grant.checksum else None
        self.noted_at = time.monotonic()
        self.room = RoomWatch(storage.has_room)

    async def run(self, receive: Receive) -> None:
        start = self.job.size - self.left
        self.digest = await _in_thread(digests.up_to, self.job.id, self.source, start)
        if self.checksum:
            await _in_thread(self.source.begin_unverified)
        try:
            async for piece in _pieces(receive):
                await self._append(piece)
            await _in_thread(self._verify)
        except BaseException:
            await _in_thread(self.source.roll_back)
            raise
        finally:
            if self.source.size == self.job.size - self.left:
                digests.remember(self.job.id, self.source.size, self.digest)

    async def _append(self, piece: bytes) -> None:
        if len(piece) > self.left:
            raise errors.UploadOverrun()
        if self.left == self.job.size:
            first_bytes.check(piece)
        await _in_thread(self._write, piece)
        self.left -= len(piece)
        if time.monotonic() - self.noted_at > NOTE_SECONDS:
            with contextlib.suppress(DatabaseUnreachable):  # only watchers miss it
                await _note(self.job, self.job.size - self.left)
            self.noted_at = time.monotonic()

    def _write(self, piece: bytes) -> None:
        self.room.count(len(piece))
        self.source.append(piece)
        self.digest.update(piece)
        if self.proof:
            self.proof.update(piece)

    def _verify(self) -> None:
        if self.checksum and self.proof and self.proof.digest() != self.checksum.digest:
            raise errors.ChecksumMismatch()
        self.source.commit()


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes (ASGI HTTP: Request, Disconnect)."""
    more = True
    while more:
        try:
            event = await asyncio.wait_for(receive(), SILENCE_SECONDS)
        except TimeoutError:
            raise errors.RequestTimeout() from None
        if event["type"] == "http.disconnect":
            raise SenderLeft()
        if event.get("body"):
            yield event["body"]
        more = event.get("more_body", False)


@contextlib.asynccontextmanager
async def _hold(job: Job) -> AsyncIterator[PartialSource]:
    """The job's source, locked. A request that is just ending is waited for."""
    deadline = time.monotonic() + LOCK_SECONDS
    with contextlib.ExitStack() as stack:
        while True:
            try:
                source = await _in_thread(stack.enter_context, storage.append(job.id))
                break
            except UploadInUse:
                if time.monotonic() > deadline:
                    raise errors.UploadLocked(retry_after=1) from None
                await asyncio.sleep(0.05)
            except FileNotFoundError:
                raise errors.JobCanceled() from None
        yield source


async def _in_thread(call: Callable[..., Any], *args: Any) -> Any:
    """Run what blocks on the disk; see it through even when cancelled, for the lock must outlast it."""
    running = asyncio.ensure_future(asyncio.to_thread(call, *args))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        raise


@in_database_thread
def _note(job: Job, received_bytes: int) -> Job:
    with database_or_unreachable():
        noted = lifecycle.note_upload(job, received_bytes)
    if noted is None:
        raise errors.JobCanceled()
    return noted


@contextlib.contextmanager
def _as_problem() -> Iterator[None]:
    """The bytes that came are kept: the sender asks with HEAD how far it is, and goes on."""
    try:
        yield
    except DatabaseUnreachable as error:
        raise errors.Unavailable(retry_after=1) from error
    except OSError as error:
        if not is_full(error):
            raise
        raise errors.NoRoom(retry_after=BUSY_SECONDS) from error
