"""A submission: what a client asks for, once it has been read; and what each of its fields may be."""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from jobs import errors
from jobs.encoding import Options
from jobs.labels import clean
from jobs.models import Job, Owner

MAX_ID_LENGTH = 255
DAY, CLOCK, OFFSET = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d:\d\d(\.\d+)?", r"([Zz]|[-+]\d\d:\d\d)"
MOMENT = re.compile(f"{DAY}[Tt ]{CLOCK}{OFFSET}", re.ASCII)  # RFC 3339


@dataclass(frozen=True)
class Submission:
    """What a client asks for. `sha256` is "" where the bytes are yet to come, `last_modified` is the file's own.

    `source_of` names the job whose source it is about, where no bytes will come; then `of` tells the rest.
    `asked` is what was said where a preset was named.
    `batch` is "" for a job that comes alone, `folder` for a file that lay in none.
    """

    owner: Owner
    client_job_id: str | None
    options: Options
    filename: str = ""
    size: int = 0
    sha256: str = ""
    last_modified: datetime | None = None
    source_of: uuid.UUID | None = None
    asked: dict[str, str] | None = None
    batch: str = ""
    folder: str = ""

    def of(self, source: Job) -> "Submission":
        return replace(
            self,
            filename=source.filename,
            size=source.size,
            sha256=source.sha256,
            last_modified=self.last_modified or source.last_modified_there,
        )

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
            last_modified=self.last_modified,
            last_modified_offset=_minutes_from_utc(self.last_modified),
            source_of=self.source_of,
            asked=self.asked,
        )

    def differences(self, job: Job) -> list[str]:
        """The names of the fields in which an earlier submission was another one."""
        names = ["source_of", "batch", "folder", *([] if self.source_of else ["filename", "size"])]
        ours: dict[str, Any] = {"recipe": self.options.as_dict(), **{name: getattr(self, name) for name in names}}
        theirs: dict[str, Any] = {"recipe": job.options, **{name: getattr(job, name) for name in names}}
        if self.sha256 and job.sha256:
            ours["content"], theirs["content"] = self.sha256, job.sha256
        return [name for name in ours if ours[name] != theirs[name]]


def check_client_job_id(value: str, owner: Owner) -> str:
    """1 to 255 printable characters; a UUID where nothing but the id would keep strangers out."""
    if not 1 <= len(value) <= MAX_ID_LENGTH or not value.isprintable():
        raise errors.InvalidRequest(fields={"client_job_id": "Use 1 to 255 printable characters."})
    if owner.is_unnamed and not is_uuid(value):
        raise errors.InvalidRequest(
            fields={"client_job_id": "Without a session or a token this must be a UUID, so that nobody guesses it."}
        )
    return value


def check_size(size: int) -> None:
    if size > settings.MAX_UPLOAD_BYTES:
        raise errors.TooLarge(max_bytes=settings.MAX_UPLOAD_BYTES)
    if size <= 0:
        raise errors.InvalidRequest(fields={"file": "The file is empty."})


def read_last_modified(value: Any) -> datetime | None:
    """RFC 3339, with an offset; whole seconds count. None where nothing was sent."""
    if value in (None, ""):
        return None
    try:
        if not isinstance(value, str) or not MOMENT.fullmatch(value):
            raise ValueError
        moment = datetime.fromisoformat(value.upper()).replace(microsecond=0)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or beyond time
        wanted = "Use a time with its offset from UTC, such as 2026-05-01T18:30:00+02:00 (RFC 3339)."
        raise errors.InvalidRequest(fields={"last_modified": wanted}) from None
    return moment


def _minutes_from_utc(moment: datetime | None) -> int | None:
    offset = moment.utcoffset() if moment else None
    return None if offset is None else round(offset.total_seconds() / 60)


def clean_filename(name: str) -> str:
    """A label: the last part of any path, without control characters, 255 characters at most."""
    return clean(name.replace("\\", "/").rpartition("/")[2])[-255:] or "video"


def is_uuid(value: str) -> bool:
    try:
        return bool(uuid.UUID(value))
    except ValueError:
        return False
