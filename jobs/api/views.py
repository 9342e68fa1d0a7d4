"""The HTTP API (docs/clients.md): read the request, one verb, answer."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError

from jobs import encoding, errors, lifecycle, problems, responses
from jobs.api import batches, estimates, files, openapi, openapi_uploads, presets, schemas
from jobs.api.listing import page_of
from jobs.owners import job_to_change, owner_of, requested_job
from jobs.snapshot import snapshot
from jobs.submission import parse
from jobs.submission.inquiry import read_inquiry
from jobs.submission.submit import find, submit_whole
from jobs.submission.submit import submit as submit_json


class Api(NinjaAPI):
    described: Any = None

    def get_openapi_schema(self, **options: Any) -> Any:
        """Made once: it takes a second, and is the same for every request."""
        if self.described is None:
            schema = super().get_openapi_schema(**options)
            openapi.problem_media_types(schema)
            schema["paths"] |= openapi_uploads.PATHS
            self.described = schema
        return self.described


api = Api(
    title="Compressor",
    version="1",
    description=openapi.DESCRIPTION,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    openapi_extra={"components": openapi.SECURITY},
)


api.add_router("/presets", presets.router)
api.add_router("", batches.router)
api.add_router("", files.router)


@api.exception_handler(errors.Problem)
def _problem(request: HttpRequest, problem: errors.Problem) -> HttpResponse:
    return problems.response(request, problem)


@api.exception_handler(ValidationError)
def _unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {str(found["loc"][-1]): found["msg"] for found in error.errors}
    return problems.response(request, errors.InvalidRequest(fields=fields))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What django-ninja itself says no to: a body that it cannot read."""
    return problems.response(request, errors.InvalidRequest("The body is not valid JSON."))


@api.post("/jobs", **openapi.SUBMIT)
def submit(request: HttpRequest) -> HttpResponse:
    """Submit a video, whole (`multipart/form-data`), or to be uploaded by tus or here already (`application/json`)."""
    owner = owner_of(request)
    match request.content_type:
        case "multipart/form-data":
            submitted = submit_whole(*parse.read_multipart(request, owner))
        case "application/json":
            submitted = submit_json(parse.read_json(request, owner))
        case _:
            raise errors.UnsupportedType()
    return responses.submitted(request, submitted.job, replayed=submitted.replayed)


@api.post("/estimates", **openapi.ESTIMATE)
def estimate(request: HttpRequest) -> HttpResponse:
    """By what this server's own jobs have shown. Nothing is sent and nothing is kept."""
    owner = owner_of(request)
    if request.content_type != "application/json":
        raise errors.UnsupportedType("Send JSON.")
    return JsonResponse(estimates.answer(owner, *read_inquiry(request, owner)), headers=problems.PRIVATE)


@openapi.readable(api, "/jobs", openapi.LIST)
def list_jobs(request: HttpRequest, query: Query[schemas.Listing]) -> HttpResponse:
    """Own jobs in pages, or those of one batch; or, with `client_job_id`, the way to the one job of that name."""
    owner = owner_of(request)
    if query.client_job_id is not None:
        job = find(owner, query.client_job_id) if query.client_job_id.isprintable() else None
        if job is None:
            raise errors.NotFound("No job has this client job id. Submit it.")
        return HttpResponse(status=303, headers={"Location": reverse("api:job", args=[job.id])})
    jobs, following = page_of(owner, query)
    response = JsonResponse({"jobs": [snapshot(job) for job in jobs], "next": following}, headers=problems.PRIVATE)
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


@openapi.readable(api, "/jobs/{uuid:job_id}", openapi.POLL, url_name="job")
def poll(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The job as it is now. A browser that navigates here is shown the job's page."""
    job = requested_job(request, job_id)
    if problems.prefers_html(request):
        return HttpResponse(status=303, headers={"Location": reverse("watch", args=[job.id]), "Vary": "Accept"})
    return responses.conditional(request, job)


@api.delete("/jobs/{uuid:job_id}", **openapi.CANCEL)
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Cancels a live job: its ffmpeg is gone within 2 s. Of a finished one, deletes the files."""
    lifecycle.delete(job_to_change(request, job_id))
    return HttpResponse(status=204)


@api.delete("/jobs/{uuid:job_id}/source", **openapi.DELETE_SOURCE, url_name="source")
def delete_source(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The result stays. No other recipe can be tried on it then without sending the video again."""
    lifecycle.delete_source_alone(job_to_change(request, job_id))
    return HttpResponse(status=204)


@api.post("/jobs/{uuid:job_id}/retry", **openapi.RETRY, url_name="retry")
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Runs a failed or canceled job again, while its source is still there."""
    job = lifecycle.retry(job_to_change(request, job_id))
    return responses.submitted(request, job, replayed=False)


@api.post("/jobs/{uuid:job_id}/first", **openapi.FIRST, url_name="first")
def first(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Before the owner's others; nobody else's wait is longer for it."""
    return responses.answer(request, lifecycle.put_first(job_to_change(request, job_id)))


@api.post("/jobs/{uuid:job_id}/last", **openapi.LAST, url_name="last")
def last(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """As if it had been submitted just now."""
    return responses.answer(request, lifecycle.put_last(job_to_change(request, job_id)))


@api.post("/jobs/{uuid:job_id}/hold", **openapi.HOLD, url_name="hold")
def hold(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """A piece that is being made is finished; what is compressed whole is given up and waits."""
    return responses.answer(request, lifecycle.hold(job_to_change(request, job_id)))


@api.post("/jobs/{uuid:job_id}/release", **openapi.RELEASE, url_name="release")
def release(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """It keeps the place that it had."""
    return responses.answer(request, lifecycle.release(job_to_change(request, job_id)))


@api.post("/jobs/{uuid:job_id}/choose", **openapi.CHOOSE, url_name="choose")
def choose(request: HttpRequest, job_id: UUID, choice: schemas.Chosen) -> HttpResponse:
    """Goes on with one of the qualities in `choices`, in the place that the job had. Twice does no harm."""
    return responses.answer(request, lifecycle.choose(job_to_change(request, job_id), choice.quality))


@openapi.readable(api, "/recipes", openapi.RECIPES)
def recipes(request: HttpRequest) -> HttpResponse:
    """The recipes and their options, as the page offers them too."""
    return JsonResponse(
        {
            "recipes": [
                {name: getattr(recipe, name) for name in schemas.RecipeSummary.__annotations__}
                for recipe in encoding.RECIPES.values()
            ],
            "options": encoding.option_schemas(),
            "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
        }
    )
