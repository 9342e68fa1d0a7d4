"""The contract as OpenAPI: what each operation of `jobs/api/views.py` takes, answers and promises in headers."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from ninja import NinjaAPI, Router, Schema

from jobs import problems
from jobs.api import openapi_bodies
from jobs.api.schemas import Estimates, JobPage, Problem, RecipeList
from jobs.documents import Snapshot

F = TypeVar("F", bound=Callable[..., Any])

# Views answer by themselves: django-ninja's models of the answers are for the description alone, and to build all of
# them took half of the time in which the server starts (0.6 s).
Schema.model_config["defer_build"] = True

DESCRIPTION = """\
Submit a video, get a job at once, learn of its progress and outcome by push or by poll.

Name the job yourself with `client_job_id` (or `Idempotency-Key`): the same request again, after any crash on
either side, finds the same job. Errors are problem documents (RFC 9457) with a stable `code`, listed at
[/problems](/problems). Every snapshot has a `revision`; drop one that is older than what you have.

**Push.** `WS /ws/jobs/{id}` sends the snapshot, then every newer one, and closes with 1000 after a final state.
Refused, it closes with 4401 (sign in, or a wrong token), 4403 (another site's page), 4404 (unknown or not yours) or
4429 (too many requests). 1013: try again later. What it sends is what `GET /jobs/{id}` answers.

**Whatever is asked** may also be answered with 405 (`Allow` lists the methods), 408 (the body stopped arriving), 429
(too many requests: wait for `Retry-After`), 500, or 503 `unavailable` (ask again after `Retry-After`), as a problem
document. Snapshots are `Cache-Control: no-store`,
results are `private`.
"""


HEADERS = {
    "Location": "Where the job is.",
    "Content-Location": "Where the job is.",
    "Retry-After": "Whole seconds, 1 to 60, until it is worth asking again.",
    "ETag": "Of the snapshot; send it back as `If-None-Match`.",
    "Idempotency-Replayed": "`true` where the job was there before this request.",
    "Preference-Applied": "`wait=N` where `Prefer: wait=N` was honoured.",
    "Link": "To the result, `rel=item`, or to the next page, `rel=next`.",
    "WWW-Authenticate": "`Bearer`.",
    "Accept-Ranges": "`bytes`.",
    "Last-Modified": "The file's own time, or when it was filmed: for whoever saves it, and no validator.",
    "Content-Range": "Which bytes these are (RFC 9110 section 14.4).",
    "Content-Disposition": "The name under which to save the result.",
}
OF_FILE = ("ETag", "Last-Modified")
JOB_HEADERS = ("Content-Location", "ETag")
ALWAYS = {401: Problem, 403: Problem, 429: Problem}
SECURITY = {
    "securitySchemes": {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token, made in the admin."},
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "A browser that signed in."},
    }
}
FOLLOW_UPS = {
    name: {"operationId": f"jobs_api_{module}_{name}", "parameters": {"job_id": "$response.body#/id"}}
    for module, name in (("views", "poll"), ("views", "cancel"), ("views", "retry"), ("files", "result"))
}
JOBS, RESULTS, RECIPE_TABLE = "Jobs", "Results", "Recipes"  # the headings of `/docs`
LIVE_OR_DONE = {200: Snapshot, 202: Snapshot, 400: Problem, 410: Problem}


def operation(
    summary: str,
    answers: dict[int, Any],
    *,
    tag: str = JOBS,
    headers: dict[int, tuple[str, ...]] | None = None,
    described: dict[int, Any] | None = None,
    **extra: Any,
) -> dict[str, Any]:
    """The keyword arguments of a django-ninja operation, with the headers of each status.

    `described` adds to the description of an answer, or holds that of one that is no JSON.
    """
    responses: dict[int, Any] = {401: _with_headers("WWW-Authenticate")}
    for status in (429, 503, 409):
        if status in ALWAYS or status in answers:
            responses[status] = _with_headers("Retry-After")
    for status, names in (headers or {}).items():
        responses[status] = _with_headers(*names)
    for status, more in (described or {}).items():
        responses[status] = responses.get(status, {}) | more
    return {
        "summary": summary,
        "tags": [tag],
        "response": {**ALWAYS, **answers},
        "openapi_extra": {"responses": responses, "security": [{}, {"token": []}, {"session": []}], **extra},
    }


def readable(
    api: NinjaAPI | Router, path: str, described: dict[str, Any], url_name: str | None = None
) -> Callable[[F], F]:
    """Register a view for GET and, as RFC 9110 section 9.1 demands, for HEAD."""

    def register(view: F) -> F:
        api.api_operation(["HEAD"], path, include_in_schema=False)(view)
        api.get(path, url_name=url_name or view.__name__, **described)(view)
        return view

    return register


def _with_headers(*names: str) -> dict[str, Any]:
    return {"headers": {name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in names}}


def header_parameter(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": "string"}}


def _file(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}


def problem_media_types(schema: dict[str, Any]) -> None:
    """Errors are `application/problem+json`; django-ninja knows one media type only."""
    for methods in schema["paths"].values():
        for described in methods.values():
            for status, answer in described["responses"].items():
                content = answer.get("content", {})
                if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in content:
                    content[problems.CONTENT_TYPE] = content.pop("application/json")


SUBMIT = operation(
    "Submit a video",
    {**LIVE_OR_DONE, 409: Problem, 413: Problem, 415: Problem, 422: Problem, 429: Problem, 503: Problem},
    headers={
        200: ("Location", "Idempotency-Replayed", "Link", *JOB_HEADERS),
        202: ("Location", "Retry-After", "Idempotency-Replayed", *JOB_HEADERS),
        400: ("Location", "Idempotency-Replayed"),
        410: ("Location", "Idempotency-Replayed"),
    },
    described={202: {"links": FOLLOW_UPS}},
    requestBody=openapi_bodies.submission(),
    parameters=[header_parameter("Idempotency-Key", "The client job id; the same as the field.")],
)
ESTIMATE = operation(
    "What would come of a video: about how many bytes, in about how many seconds",
    {200: Estimates, 400: Problem, 413: Problem, 415: Problem},
    tag=RECIPE_TABLE,
    requestBody=openapi_bodies.inquiry(),
)
LIST = operation(
    "Own jobs, newest first",
    {200: JobPage, 303: None, 400: Problem, 404: Problem},
    headers={200: ("Link",), 303: ("Location",)},
)
POLL = operation(
    "A job's snapshot",
    {**LIVE_OR_DONE, 303: None, 304: None, 404: Problem},
    headers={
        200: ("Link", "Preference-Applied", *JOB_HEADERS),
        202: ("Retry-After", "Preference-Applied", *JOB_HEADERS),
        304: ("ETag", "Preference-Applied"),
        400: JOB_HEADERS,
        410: JOB_HEADERS,
    },
    parameters=[
        header_parameter("If-None-Match", "The `ETag` that you have: answers 304 while nothing has changed."),
        header_parameter("Prefer", "`wait=N` holds the answer until something changes, N seconds at most (60)."),
    ],
)
CANCEL = operation("Cancel a job, or delete a finished one's files", {204: None, 404: Problem})
DELETE_SOURCE = operation(
    "Delete the source that a finished job keeps for another recipe", {204: None, 404: Problem, 409: Problem}
)
MOVED: dict[int, Any] = {202: Snapshot, 404: Problem, 409: Problem}
MOVED_WITH: dict[int, tuple[str, ...]] = {202: ("Retry-After", *JOB_HEADERS)}
RETRY = operation(
    "Run a failed job again",
    {202: Snapshot, 404: Problem, 409: Problem},
    headers={202: ("Location", "Retry-After", *JOB_HEADERS)},
)
FIRST = operation("Put a job before all else that its owner has waiting", MOVED, headers=MOVED_WITH)
LAST = operation("Put a job behind all else that waits", MOVED, headers=MOVED_WITH)
HOLD = operation("Begin nothing of a job any more, until it is released", MOVED, headers=MOVED_WITH)
RELEASE = operation("Let a job on hold wait for its turn again", MOVED, headers=MOVED_WITH)
CHOOSE = operation(
    "Choose one of the qualities that a job offers", {**LIVE_OR_DONE, 404: Problem, 409: Problem}, headers=MOVED_WITH
)
OFFER = operation(
    "A still picture of a quality that is offered",
    {404: Problem},
    described={200: _file("The picture."), 304: {"description": "Not modified."}},
)
RESULT = operation(
    "The compressed video",
    {404: Problem, 409: Problem, 410: Problem},
    tag=RESULTS,
    described={
        200: {**_file("The whole file."), **_with_headers(*OF_FILE, "Accept-Ranges", "Content-Disposition")},
        206: {**_file("The range asked for."), **_with_headers(*OF_FILE, "Content-Range", "Content-Disposition")},
        304: {"description": "Not modified.", **_with_headers(*OF_FILE)},
        412: {"description": "`If-Match` does not hold."},
        416: {"description": "No such range.", **_with_headers("Content-Range")},
    },
    parameters=[header_parameter("Range", "One range of bytes.")],
)
PICTURE = operation(
    "A still picture of source or result",
    {404: Problem, 409: Problem, 410: Problem},
    tag=RESULTS,
    described={200: _file("The picture."), 304: {"description": "Not modified."}},
)
RECIPES = operation("What can be asked for", {200: RecipeList}, tag=RECIPE_TABLE)
