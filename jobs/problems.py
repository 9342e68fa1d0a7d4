"""How an error is told: RFC 9457 to a program, a page to a person. The errors are in `jobs/errors.py`."""

import json
import logging
import sys
from http import HTTPStatus
from typing import Any

from django import shortcuts
from django.core.exceptions import DisallowedHost
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from jobs import encoding, errors
from jobs.unreachable import is_unreachable

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
PRIVATE = {"Cache-Control": "no-store", "Vary": "Accept, Cookie, Authorization"}  # of whatever tells of a job


UNREACHABLE_SECONDS = 5  # when to come back to a database that is away


def problem_of(error: BaseException | None) -> errors.Problem | None:
    """What a client may be told of it. None: a defect of ours."""
    if is_unreachable(error):
        logger.warning("A request was answered 503: %s", str(error).strip())
        return errors.Unavailable(retry_after=UNREACHABLE_SECONDS)
    return error if isinstance(error, errors.Problem) else None


def document(problem: errors.Problem, instance: str = "") -> dict[str, Any]:
    """The members of RFC 9457 section 3.1, then our own, then this problem's. `message` is for a person."""
    return {
        "type": f"/problems#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "message": message(problem),
        **({"instance": instance} if instance else {}),
        "code": problem.code,
        "retryable": problem.retryable,
        **problem.members,
    }


def message(problem: errors.Problem) -> str:
    """What to do about it, in words for a person; of fields, each under the name that the page gives it."""
    return " ".join(f"{title}: {sentence}" for title, sentence in complaints(problem)) or problem.message


def complaints(problem: errors.Problem) -> list[tuple[str, str]]:
    """What is wrong with which field, as a person calls it."""
    fields = problem.members.get("fields", {})
    return [(encoding.title_of(name), sentence) for name, sentence in fields.items()]


def render(problem: errors.Problem, path: str = "") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a problem as every program gets it, whichever part of us answers."""
    body = json.dumps(document(problem, instance=path), cls=DjangoJSONEncoder).encode()
    return problem.status, {"Content-Type": CONTENT_TYPE, **headers(problem)}, body


def headers(problem: errors.Problem) -> dict[str, str]:
    """What goes with a problem, whatever its body is."""
    found = {**PRIVATE, **problem.headers}
    if problem.retry_after is not None:
        found["Retry-After"] = str(problem.retry_after)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        found["WWW-Authenticate"] = 'Bearer realm="compressor"'
    return found


def response(request: HttpRequest, problem: errors.Problem) -> HttpResponse:
    """The same to a program; a page to a browser that navigates."""
    if prefers_html(request):
        context: dict[str, Any] = {
            "problem": document(problem, instance=request.path),
            "retry_after": problem.retry_after,
        }
        if isinstance(problem, errors.Unavailable):
            context["user"] = None  # who it is stands in the database
        page = shortcuts.render(request, "problem.html", context, status=problem.status)
        for name, value in headers(problem).items():
            page[name] = value
        return page
    status, fields, body = render(problem, request.path)
    return HttpResponse(body, status=status, headers=fields)


def prefers_html(request: HttpRequest) -> bool:
    """A browser's navigation names text/html; a program that says `*/*` or nothing gets JSON."""
    if "text/html" not in request.META.get("HTTP_ACCEPT", ""):
        return False
    return request.get_preferred_type(["application/json", "text/html"]) == "text/html"


# What `compressor/urls.py` and the settings name for Django's own errors.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return response(request, errors.UnknownHost())
    return response(request, errors.InvalidRequest("The request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response(request, errors.PermissionDenied())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response(request, errors.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the exception; that of another middleware comes no other way."""
    return response(request, problem_of(sys.exc_info()[1]) or errors.Problem())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return response(request, errors.CsrfFailed())
