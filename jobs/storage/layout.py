"""Where the files of a job lie.

MEDIA_ROOT/installation            the name by which the database knows them
MEDIA_ROOT/incoming/               one-shot uploads while they arrive
MEDIA_ROOT/jobs/{id}/source        the file in; our name, no extension, so that nothing guesses from it
MEDIA_ROOT/jobs/{id}/upload-metadata   what a tus client said of it
MEDIA_ROOT/jobs/{id}/attempt-{n}/  scratch space of one attempt
MEDIA_ROOT/jobs/{id}/result-{n}/   what attempt n published: `result` and its pictures
MEDIA_ROOT/jobs/{id}/offers-{n}/   pictures of the qualities that attempt n offered
MEDIA_ROOT/jobs/{id}/making-{p}-{n}/  scratch space of attempt n at piece p
MEDIA_ROOT/jobs/{id}/piece-{p}-{n}/   what it made: `piece` and its pictures
"""

from pathlib import Path
from uuid import UUID

from django.conf import settings


def marker() -> Path:
    return Path(settings.MEDIA_ROOT) / "installation"


def home(job_id: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "jobs" / str(job_id)


def source(job_id: UUID) -> Path:
    return home(job_id) / "source"


def published(job_id: UUID, attempt: int) -> Path:
    return home(job_id) / f"result-{attempt}"


def offers(job_id: UUID, attempt: int) -> Path:
    return home(job_id) / f"offers-{attempt}"


def piece(job_id: UUID, number: int, attempt: int) -> Path:
    return home(job_id) / f"piece-{number}-{attempt}"
