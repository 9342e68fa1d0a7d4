"""Storage in files, which lie where `layout` says.

Every move into place is a rename within one file system: a file is there whole, or not at all.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

from django.conf import settings

from jobs.storage import layout, partial_file, reserve
from jobs.storage.base import UploadInUse
from jobs.storage.local_file import LocalFile
from jobs.storage.partial_file import PartialFile
from jobs.storage.upload_handler import SourceUpload

UNLOCKED_SECONDS = 2  # a one-shot upload is locked from its very beginning; one this young may be just that


class LocalStorage:
    def adopt(self, uploaded: SourceUpload, job_id: UUID) -> None:
        path = layout.source(job_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        uploaded.file.flush()
        os.fsync(uploaded.file.fileno())
        os.rename(uploaded.temporary_file_path(), path)

    def share_source(self, of: UUID, job_id: UUID) -> None:
        path = layout.source(job_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(layout.source(of), path)  # nobody writes to a source that is whole

    def begin_source(self, job_id: UUID) -> None:
        path = layout.source(job_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)

    def append(self, job_id: UUID) -> AbstractContextManager[PartialFile]:
        return partial_file.locked(layout.source(job_id))

    def received_bytes(self, job_id: UUID) -> int:
        try:
            return partial_file.received(layout.source(job_id))
        except FileNotFoundError:
            return 0

    def keep_metadata(self, job_id: UUID, header: str) -> None:
        (layout.home(job_id) / "upload-metadata").write_text(header)

    def kept_metadata(self, job_id: UUID) -> str:
        try:
            return (layout.home(job_id) / "upload-metadata").read_text()
        except FileNotFoundError:
            return ""

    @contextlib.contextmanager
    def local_source(self, job_id: UUID) -> Iterator[Path]:
        path = layout.source(job_id)
        path.stat()  # raises FileNotFoundError
        yield path

    @contextlib.contextmanager
    def scratch(self, job_id: UUID, attempt: int) -> Iterator[Path]:
        _clear(job_id, attempt, "attempt", "staging-result", "result")
        with self._work_directory(layout.home(job_id) / f"attempt-{attempt}") as path:
            yield path

    @contextlib.contextmanager
    def _work_directory(self, path: Path) -> Iterator[Path]:
        reserve.despite_full_disk(lambda: path.mkdir(parents=True))  # once inside, it waits for room
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            with contextlib.suppress(OSError):
                path.parent.rmdir()  # only when empty: the job was canceled meanwhile

    @contextlib.contextmanager
    def piece_scratch(self, job_id: UUID, number: int, attempt: int) -> Iterator[Path]:
        self.delete_piece_scratch(job_id, number)
        with self._work_directory(layout.home(job_id) / f"making-{number}-{attempt}") as path:
            yield path

    def keep_piece(self, job_id: UUID, number: int, attempt: int, files: Mapping[str, Path]) -> None:
        with self._arriving(layout.piece(job_id, number, attempt)) as staging:
            for name, path in files.items():
                path.rename(staging / name)
            _sync(staging / "piece")

    @contextlib.contextmanager
    def local_pieces(self, job_id: UUID, kept: Sequence[tuple[int, int]]) -> Iterator[list[Path]]:
        yield [layout.piece(job_id, number, attempt) for number, attempt in kept]

    def delete_pieces(self, job_id: UUID) -> None:
        for kind in ("piece", "making", "staging-piece"):
            for path in layout.home(job_id).glob(f"{kind}-*"):
                shutil.rmtree(path, ignore_errors=True)

    def delete_piece_scratch(self, job_id: UUID, number: int) -> None:
        for path in layout.home(job_id).glob(f"making-{number}-*"):
            shutil.rmtree(path, ignore_errors=True)

    def delete_scratch(self, job_id: UUID, attempt: int) -> None:
        _clear(job_id, attempt, "attempt", "staging-result")

    def publish(self, job_id: UUID, attempt: int, files: Mapping[str, Path]) -> None:
        with self._arriving(layout.published(job_id, attempt)) as staging:
            for name, path in files.items():
                path.rename(staging / name)
            _sync(staging / "result")

    def publish_source(self, job_id: UUID, attempt: int) -> None:
        with self._arriving(layout.published(job_id, attempt)) as staging:
            os.link(layout.source(job_id), staging / "result")

    def publish_offers(self, job_id: UUID, attempt: int, files: Mapping[str, Path]) -> None:
        _clear(job_id, attempt, "staging-offers", "offers")
        with self._arriving(layout.offers(job_id, attempt)) as staging:
            for name, path in files.items():
                path.rename(staging / name)

    def offered(self, job_id: UUID, attempt: int, name: str) -> LocalFile:
        return LocalFile(layout.offers(job_id, attempt) / name)

    def withdraw_offers(self, job_id: UUID, attempt: int) -> None:
        shutil.rmtree(layout.offers(job_id, attempt), ignore_errors=True)

    @contextlib.contextmanager
    def _arriving(self, target: Path) -> Iterator[Path]:
        """A directory that is there whole, under the name of `target`, or not at all."""
        staging = target.with_name(f"staging-{target.name}")
        for leftover in (staging, target):
            shutil.rmtree(leftover, ignore_errors=True)
        reserve.despite_full_disk(staging.mkdir)
        yield staging
        _sync(staging)
        staging.rename(target)

    def withdraw(self, job_id: UUID, attempt: int) -> None:
        shutil.rmtree(layout.published(job_id, attempt), ignore_errors=True)

    def published(self, job_id: UUID, attempt: int, name: str) -> LocalFile:
        return LocalFile(layout.published(job_id, attempt) / name)

    def delete_source(self, job_id: UUID) -> None:
        layout.source(job_id).unlink(missing_ok=True)

    def delete_all(self, job_id: UUID) -> None:
        shutil.rmtree(layout.home(job_id), ignore_errors=True)

    def idle_job_ids(self, seconds: float) -> Iterator[UUID]:
        for entry in _untouched(settings.MEDIA_ROOT / "jobs", seconds):
            with contextlib.suppress(ValueError):
                yield UUID(entry.name)

    def delete_stale_incoming(self) -> None:
        for entry in _untouched(settings.FILE_UPLOAD_TEMP_DIR, UNLOCKED_SECONDS):
            with contextlib.suppress(FileNotFoundError, UploadInUse), partial_file.locked(Path(entry.path)):
                os.unlink(entry.path)

    def name(self) -> str | None:
        try:
            return layout.marker().read_text()
        except OSError:
            return None

    def give_name(self, name: str) -> None:
        fresh = layout.marker().with_suffix(".new")
        fresh.write_text(name)
        fresh.rename(layout.marker())

    def free_bytes(self) -> int:
        return shutil.disk_usage(settings.MEDIA_ROOT).free - reserve.owed()

    def has_room(self) -> bool:
        return bool(self.free_bytes() >= settings.MIN_FREE_BYTES)

    def incoming_bytes(self) -> int:
        return sum(_yet_to_come(entry) for entry in _untouched(settings.FILE_UPLOAD_TEMP_DIR, 0))

    def total_bytes(self) -> int:
        return shutil.disk_usage(settings.MEDIA_ROOT).total

    def is_writable(self) -> bool:
        return os.access(settings.MEDIA_ROOT, os.W_OK | os.X_OK)


def _clear(job_id: UUID, attempt: int, *kinds: str) -> None:
    """Delete what attempts up to this one left behind. A later one may be at work: then this one was given up."""
    for path in layout.home(job_id).glob("*-*"):
        kind, _, number = path.name.rpartition("-")
        if kind in kinds and number.isdigit() and int(number) <= attempt:
            shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _yet_to_come(incoming: os.DirEntry[str]) -> int:
    """`SourceUpload` puts into its name how large it may become."""
    expected = incoming.name.partition("-")[0]
    with contextlib.suppress(FileNotFoundError, ValueError):
        return max(0, int(expected) - incoming.stat().st_size)
    return 0


def _untouched(directory: Path, seconds: float) -> Iterator[os.DirEntry[str]]:
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(directory):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - entry.stat().st_mtime > seconds:
                    yield entry
