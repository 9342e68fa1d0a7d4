"""A submission: what a client asks for, once it has been read; and what each of its fields may be."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from jobs import errors
from jobs.encoding import Options
from jobs.labels import clean
from jobs.models import Job, Owner

MAX_ID_LENGTH = 255


@dataclass(frozen=True)
class Submission:
    """What a client asks for. `sha256` is "" where the bytes are yet to come.

    `batch` is "" for a job that comes alone, `folder` for a file that lay in none.
    """

    owner: Owner
    client_job_id: str | None
    options: Options
    filename: str
    size: int
    sha256: str = ""
    batch: str = ""
    folder: str = ""

    def new_job(self) -> Job:
        return Job(
            id=uuid.uuid4(),
            owner=self.owner.user,
            visitor=self.owner.visitor,
            network=self.owner.network,
            client_job_id=self.client_job_id,
            options=self.options.as_dict(),
            batch=self.batch,
            folder=self.folder,
            filename=self.filename,
            size=self.size,
            kept_bytes=self.size,
            sha256=self.sha256,
        )

    def differences(self, job: Job) -> list[str]:
        """The names of the fields in which an earlier submission was another one."""
        ours: dict[str, Any] = {"recipe": self.options.as_dict()}
        theirs: dict[str, Any] = {"recipe": job.options}
        for name in ("batch", "folder", "filename", "size"):
            ours[name], theirs[name] = getattr(self, name), getattr(job, name)
        if self.sha256 and job.sha256:
            ours["content"], theirs["content"] = self.sha256, job.sha256
        return [name for name in ours if ours[name] != theirs[name]]


def check_client_job_id(value: str, owner: Owner) -> str:
    """1 to 255 printable characters; a UUID where nothing but the id would keep strangers out."""
    if not 1 <= len(value) <= MAX_ID_LENGTH or not value.isprintable():
        raise errors.InvalidRequest(fields={"client_job_id": "Use 1 to 255 printable characters."})
    if owner.is_unnamed and not _is_uuid(value):
        raise errors.InvalidRequest(
            fields={"client_job_id": "Without a session or a token this must be a UUID, so that nobody guesses it."}
        )
    return value


def check_size(size: int) -> None:
    if size > settings.MAX_UPLOAD_BYTES:
        raise errors.TooLarge(max_bytes=settings.MAX_UPLOAD_BYTES)
    if size <= 0:
        raise errors.InvalidRequest(fields={"file": "The file is empty."})


def clean_filename(name: str) -> str:
    """A label: the last part of any path, without control characters, 255 characters at most."""
    return clean(name.replace("\\", "/").rpartition("/")[2])[-255:] or "video"


def _is_uuid(value: str) -> bool:
    try:
        return bool(uuid.UUID(value))
    except ValueError:
        return False
