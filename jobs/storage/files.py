"""The only place that knows where bytes lie.

    MEDIA_ROOT/incoming/               one-shot uploads while they arrive
    MEDIA_ROOT/jobs/{id}/source        the file in; our name, no extension, so that nothing guesses from it
    MEDIA_ROOT/jobs/{id}/upload-metadata   what a tus client said of it
    MEDIA_ROOT/jobs/{id}/attempt-{n}/  scratch space of one attempt
    MEDIA_ROOT/jobs/{id}/result-{n}/   what attempt n published: `result` and its pictures

Every move into place is a rename within one file system: a file is there whole, or not at all.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from jobs.storage import partial_file
from jobs.storage.upload_handler import SourceUpload


def adopt(uploaded: SourceUpload, job_id: UUID) -> None:
    """Make a one-shot upload the job's source, durably."""
    path = source_path(job_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    uploaded.file.flush()
    os.fsync(uploaded.file.fileno())
    os.rename(uploaded.temporary_file_path(), path)


def begin_source(job_id: UUID) -> None:
    """An empty source, to which an upload will append."""
    path = source_path(job_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def source_path(job_id: UUID) -> Path:
    return _home(job_id) / "source"


def has_source(job_id: UUID) -> bool:
    return source_path(job_id).exists()


def received_bytes(job_id: UUID) -> int:
    try:
        return partial_file.received(source_path(job_id))
    except FileNotFoundError:
        return 0


def keep_metadata(job_id: UUID, header: str) -> None:
    """What a tus client said of its upload, to be told back word for word."""
    (_home(job_id) / "upload-metadata").write_text(header)


def kept_metadata(job_id: UUID) -> str:
    try:
        return (_home(job_id) / "upload-metadata").read_text()
    except FileNotFoundError:
        return ""


@contextlib.contextmanager
def scratch(job_id: UUID, attempt: int) -> Iterator[Path]:
    """An empty directory for one attempt, gone afterwards whatever happened."""
    path = _home(job_id) / f"attempt-{attempt}"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        with contextlib.suppress(OSError):
            _home(job_id).rmdir()  # only when empty: the job was canceled meanwhile


def publish(job_id: UUID, attempt: int, result: Path, pictures: tuple[Path, ...]) -> None:
    """Put an attempt's files where they will be served from. The row decides later whether they count."""
    target = _result_dir(job_id, attempt)
    shutil.rmtree(target, ignore_errors=True)
    staging = result.parent / "publish" if result != source_path(job_id) else _home(job_id) / f"staging-{attempt}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    if result == source_path(job_id):
        os.link(result, staging / "result")
    else:
        result.rename(staging / "result")
    for picture in pictures:
        picture.rename(staging / picture.name)
    with (staging / "result").open("rb") as file:
        os.fsync(file.fileno())
    staging.rename(target)


def withdraw(job_id: UUID, attempt: int) -> None:
    """Take back what an attempt published, since the row says that it does not count."""
    shutil.rmtree(_result_dir(job_id, attempt), ignore_errors=True)


def result_path(job_id: UUID, attempt: int) -> Path:
    return _result_dir(job_id, attempt) / "result"


def picture_path(job_id: UUID, attempt: int, name: str) -> Path:
    """`name` must be one that the row lists: it is never taken from a request unchecked."""
    return _result_dir(job_id, attempt) / name


def delete_source(job_id: UUID) -> None:
    source_path(job_id).unlink(missing_ok=True)


def delete_all(job_id: UUID) -> None:
    shutil.rmtree(_home(job_id), ignore_errors=True)


def free_bytes() -> int:
    return shutil.disk_usage(settings.MEDIA_ROOT).free


def is_writable() -> bool:
    return os.access(settings.MEDIA_ROOT, os.W_OK | os.X_OK)


def idle_job_ids(seconds: float) -> Iterator[UUID]:
    """Jobs whose directory has not changed for so long: what is younger may still be on its way to a row."""
    for entry in _untouched(settings.MEDIA_ROOT / "jobs", seconds):
        with contextlib.suppress(ValueError):
            yield UUID(entry.name)


def delete_stale_incoming(seconds: float) -> None:
    """Delete one-shot uploads that were cut off: nothing has been written to them for so long."""
    for entry in _untouched(settings.FILE_UPLOAD_TEMP_DIR, seconds):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(entry.path)


def _untouched(directory: Path, seconds: float) -> Iterator[os.DirEntry[str]]:
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(directory):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - entry.stat().st_mtime > seconds:
                    yield entry


def _home(job_id: UUID) -> Path:
    return settings.MEDIA_ROOT / "jobs" / str(job_id)


def _result_dir(job_id: UUID, attempt: int) -> Path:
    return _home(job_id) / f"result-{attempt}"
