"""The files of a job over HTTP: its result, and the pictures of its result and of the qualities on offer."""

import mimetypes
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from ninja import Router

from jobs import errors
from jobs.api import openapi
from jobs.api.ranges import Saved, serve
from jobs.models import Job
from jobs.owners import requested_job
from jobs.retry_after import retry_after
from jobs.states import State
from jobs.storage import storage

router = Router()


@openapi.readable(router, "/jobs/{uuid:job_id}/offers/{name}", openapi.OFFER, url_name="offer")
def offer(request: HttpRequest, job_id: UUID, name: str) -> HttpResponseBase:
    """One of a pair of pictures of a quality that is offered; `choices` lists them."""
    job = requested_job(request, job_id)
    if job.choices is None or name not in job.offered_pictures:
        raise errors.NotFound()
    number = job.choices["attempt"]
    return serve(
        request,
        storage.offered(job.id, number, name),
        content_type="image/jpeg",
        etag=f'"{job.id}-offer-{number}-{name}"',
    )


@openapi.readable(router, "/jobs/{uuid:job_id}/result", openapi.RESULT, url_name="result")
def result(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """The file, with ranges. For `already_small` it is the source, byte for byte."""
    job = _with_result(request, job_id)
    facts = job.result or {}
    return serve(
        request,
        storage.published(job.id, job.attempt, "result"),
        content_type=facts["content_type"],
        etag=f'"{job.id}-{job.attempt}"',
        to_be=Saved(job.result_filename, job.result_modified_at),
    )


@openapi.readable(router, "/jobs/{uuid:job_id}/pictures/{name}", openapi.PICTURE, url_name="picture")
def picture(request: HttpRequest, job_id: UUID, name: str) -> HttpResponseBase:
    """A poster or one of a pair of frames; the snapshot lists them."""
    job = _with_result(request, job_id)
    if name not in job.picture_names:
        raise errors.NotFound()
    answer = serve(
        request,
        storage.published(job.id, job.attempt, name),
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        etag=f'"{job.id}-{job.attempt}-{name}"',
    )
    answer["Cache-Control"] = f"private, max-age={settings.RESULT_RETENTION}, immutable"  # a result never changes
    return answer


def _with_result(request: HttpRequest, job_id: UUID) -> Job:
    job = requested_job(request, job_id)
    match job.state:
        case State.COMPLETED:
            return job
        case State.EXPIRED:
            raise errors.JobExpired()
        case State.CANCELED:
            raise errors.JobCanceled()
        case _:
            raise errors.ResultNotReady(retry_after=retry_after(job))
