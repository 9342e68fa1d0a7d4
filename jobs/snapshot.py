"""What the world is told of a job: one document, the same by poll, by push and in the page."""

import logging
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from jobs.models import Job
from jobs.states import State
from jobs.storage import files

logger = logging.getLogger(__name__)


class Progress(TypedDict):
    """How far a running job is. What cannot be known is null."""

    phase: str
    fraction: float | None
    fps: float | None
    speed: float | None
    eta_seconds: float | None
    bytes: int | None


class Failure(TypedDict):
    code: str
    title: str
    detail: str
    retryable: bool


class Links(TypedDict):
    """Where to go from here; null where there is nothing to be had now."""

    self: str
    watch: str
    events: str
    result: str | None
    cancel: str | None
    retry: str | None
    upload: str | None


class Snapshot(TypedDict):
    """The public document of a job. A client drops one whose `revision` is lower than it has seen."""

    id: str
    client_job_id: str | None
    state: str
    is_final: bool
    revision: int
    attempt: int
    recipe: dict[str, Any]
    filename: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    expires_at: str | None
    outcome: str | None
    position: int | None
    progress: Progress | None
    received_bytes: int | None
    source: dict[str, Any]
    result: dict[str, Any] | None
    error: Failure | None
    links: Links


def snapshot(job: Job) -> Snapshot:
    return {
        "id": str(job.id),
        "client_job_id": job.client_job_id,
        "state": job.state,
        "is_final": job.is_final,
        "revision": job.revision,
        "attempt": job.attempt,
        "recipe": job.recipe,
        "filename": job.filename,
        "created_at": _rfc3339(job.created_at) or "",
        "started_at": _rfc3339(job.started_at),
        "finished_at": _rfc3339(job.finished_at),
        "expires_at": _rfc3339(job.expires_at),
        "outcome": job.outcome or None,
        "position": job.position,
        "progress": job.progress if job.state == State.RUNNING else None,
        "received_bytes": files.received_bytes(job.id) if job.state == State.UPLOADING else None,
        "source": {"size": job.size, **(job.source or {})},
        "result": _result(job),
        "error": _failure(job),
        "links": _links(job),
    }


def _result(job: Job) -> dict[str, Any] | None:
    if job.result is None or job.state != State.COMPLETED:
        return None
    facts = {name: value for name, value in job.result.items() if name != "extension"}
    pictures = [reverse("api:picture", args=[job.id, name]) for name in job.result.get("pictures", [])]
    return {
        **facts,
        "url": reverse("api:result", args=[job.id]),
        "filename": job.result_filename,
        "saved_fraction": job.saved_fraction,
        "pictures": pictures,
    }


def _failure(job: Job) -> Failure | None:
    problem = job.problem
    if problem is None:
        return None
    return {
        "code": problem.code,
        "title": problem.title,
        "detail": problem.detail,
        "retryable": job.is_retryable,
    }


def _links(job: Job) -> Links:
    def link(name: str, available: bool) -> str | None:
        return reverse(name, args=[job.id]) if available else None

    return {
        "self": reverse("api:job", args=[job.id]),
        "watch": reverse("watch", args=[job.id]),
        "events": f"/ws/jobs/{job.id}",
        "result": link("api:result", job.state == State.COMPLETED),
        "cancel": link("api:job", not job.is_final),
        "retry": link("api:retry", job.is_retryable),
        "upload": f"/uploads/{job.id}" if job.state == State.UPLOADING else None,
    }


def _rfc3339(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
