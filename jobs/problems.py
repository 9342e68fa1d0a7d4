"""How an error is told: RFC 9457 to a program, a page to a person. The errors are in `jobs/errors.py`."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from jobs import errors

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"


def document(problem: errors.Problem, instance: str = "") -> dict[str, Any]:
    """The members of RFC 9457 section 3.1, then our `code` and `retryable`, then the problem's own."""
    return {
        "type": f"/problems#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **({"instance": instance} if instance else {}),
        "code": problem.code,
        "retryable": problem.retryable,
        **problem.members,
    }


def response(request: HttpRequest, problem: errors.Problem) -> HttpResponse:
    content = document(problem, instance=request.path)
    if prefers_html(request):
        answer = render(request, "problem.html", {"problem": content}, status=problem.status)
    else:
        answer = JsonResponse(content, status=problem.status, content_type=CONTENT_TYPE)
    for name, value in problem.headers.items():
        answer[name] = value
    if problem.retry_after is not None:
        answer["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="compressor"'
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "Accept, Cookie, Authorization"
    return answer


def prefers_html(request: HttpRequest) -> bool:
    """A browser's navigation names text/html; a program that says `*/*` or nothing gets JSON."""
    return request.get_preferred_type(["application/json", "text/html"]) == "text/html"


# What `compressor/urls.py` and the settings name for Django's own errors.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response(request, errors.InvalidRequest("The request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response(request, errors.PermissionDenied())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return response(request, errors.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    return response(request, errors.Problem())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return response(request, errors.CsrfFailed())
