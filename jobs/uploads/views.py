"""Who may do what at `/uploads/`. A view that takes bytes grants them; `streaming.py` then receives them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from jobs import errors, lifecycle, responses
from jobs.models import Job
from jobs.owners import job_to_change, owner_of, requested_job
from jobs.states import State
from jobs.storage import room, storage
from jobs.submission import parse
from jobs.submission.submission import Submission
from jobs.submission.submit import Submitted, begin_upload
from jobs.uploads import protocol
from jobs.uploads.protocol import Checksum
from jobs.uploads.receiver import Grant, offset_of

NAMES = ("filename", "name")  # how clients call the file's name; Uppy says `name`
IGNORED = {"name", "type", "filetype", "relativePath"}  # what Uppy sends unasked


# Exempt as the API is: CookieCsrfMiddleware asks for the token wherever a session's or a visitor's cookie comes along.
@method_decorator(csrf_exempt, name="dispatch")
class Tus(View):
    """What every request has in common (core protocol): OPTIONS tells, all others must speak our version."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "OPTIONS":
            protocol.check_version(request.headers)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        methods = [name.upper() for name in self.http_method_names if hasattr(self, name)]
        allow = {"Allow": ", ".join(methods)}
        return HttpResponse(status=204, headers=protocol.discovery() | allow)


class Collection(Tus):
    def post(self, request: HttpRequest) -> HttpResponse:
        """Creation, and Creation With Upload: announces a job whose bytes follow, or come along."""
        header = request.headers.get("Upload-Metadata", "")
        submitted = begin_upload(_announced(request, protocol.read_metadata(header)))
        job = submitted.job
        if job.state in {State.FAILED, State.CANCELED, State.EXPIRED}:
            return responses.submitted(request, job, replayed=True)
        storage.keep_metadata(job.id, header)
        response = HttpResponse(status=201, headers=_created(submitted))
        if request.content_type == protocol.CONTENT_TYPE:
            offset = offset_of(job)
            response["Upload-Offset"] = str(offset)
            if offset == 0:  # of a replay that has bytes already, the client is told how many
                _grant(request, job, 0)
        return response


class Upload(Tus):
    def head(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Core protocol, HEAD: how far is it?

        A whole upload whose server died before it queued the job is queued by the sweep.
        """
        job = _resumable(requested_job(request, job_id))
        offset = offset_of(job)
        headers = {
            "Upload-Offset": str(offset),
            "Upload-Length": str(job.size),
            **protocol.expiry(job, offset),
        }
        if metadata := storage.kept_metadata(job.id):
            headers["Upload-Metadata"] = metadata
        return HttpResponse(status=200, headers=headers)

    def patch(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Core protocol, PATCH: here are the bytes from this offset on."""
        protocol.check_content_type(request.content_type or "")
        offset = protocol.number(request.headers, "Upload-Offset")
        job = _resumable(job_to_change(request, job_id))
        if offset != (reached := offset_of(job)):
            raise errors.WrongOffset(offset=reached)
        if offset + int(request.headers.get("Content-Length") or 0) > job.size:
            raise errors.UploadOverrun()
        if job.state == State.UPLOADING:
            room.check(storage.has_room)
            _grant(request, job, offset)
        return HttpResponse(status=204, headers={"Upload-Offset": str(offset)})

    def delete(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Termination: what DELETE means for a job."""
        lifecycle.delete(job_to_change(request, job_id))
        return HttpResponse(status=204)


def _announced(request: HttpRequest, metadata: dict[str, str]) -> Submission:
    if "Upload-Defer-Length" in request.headers:
        raise errors.InvalidRequest(fields={"Upload-Length": "Deferring the length is not supported."})
    owner = owner_of(request)
    fields: dict[str, Any] = {name: value for name, value in metadata.items() if name not in IGNORED}
    fields["filename"] = next((metadata[name] for name in NAMES if metadata.get(name)), "video")
    fields["size"] = protocol.number(request.headers, "Upload-Length")
    return parse.announcement(fields, owner, parse.client_job_id(request, fields.get("client_job_id"), owner))


def _created(submitted: Submitted) -> dict[str, str]:
    replayed = {"Idempotency-Replayed": "true"} if submitted.replayed else {}
    job = submitted.job
    return {"Location": f"{protocol.PATH}/{job.id}", **protocol.expiry(job, offset_of(job)), **replayed}


def _resumable(job: Job) -> Job:
    """The job, unless its upload can neither go on nor be called complete (core protocol: 404 or 410)."""
    match job.state:
        case State.CANCELED:
            raise errors.JobCanceled()
        case State.EXPIRED:
            raise errors.JobExpired()
        case State.FAILED if job.error_code == errors.UploadAbandoned.code:
            raise errors.JobExpired("The upload was abandoned and its bytes were deleted.")
    return job


def _grant(request: HttpRequest, job: Job, offset: int) -> None:
    checksum = Checksum.parse(request.headers.get("Upload-Checksum"))
    request.scope["grants"].append(Grant(job, offset, checksum))  # type: ignore[attr-defined]


urlpatterns = [
    path("uploads", Collection.as_view()),
    path("uploads/", Collection.as_view(), name="uploads"),
    path("uploads/<uuid:job_id>", Upload.as_view(), name="upload"),
]
