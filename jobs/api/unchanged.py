"""A poll that finds nothing new, as most do, is answered with a part of what Django does for a request.

What is asked of every request is asked here as well, by the same middleware and functions: by which name, whose it
is, and whether those are too many. What is not to be answered 304 is left to the view, as if it had not been here.
Those functions read single headers in `META`: Django's `headers` makes names of all of them first.
"""

import functools
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, HttpResponseNotModified

from jobs import errors
from jobs.middleware import AccessMiddleware, TokenMiddleware
from jobs.owners import requested_job
from jobs.problems import prefers_html
from jobs.rate_limit import count_request
from jobs.responses import TELLING, precondition_answer
from jobs.scope import header, polled_job_id

MIDDLEWARE = (AccessMiddleware, SessionMiddleware, AuthenticationMiddleware, TokenMiddleware)  # the outermost first


def may_be(scope: dict[str, Any]) -> bool:
    """Whether it is worth asking."""
    return polled_job_id(scope) is not None and header(scope, b"if-none-match") != ""


def answer(request: ASGIRequest) -> HttpResponse | None:
    """304, or None: ask the view. Reads the database."""
    response = _chain()(request)
    return response if isinstance(response, HttpResponseNotModified) else None


@functools.cache
def _chain() -> Any:
    chain: Any = _view
    for middleware in reversed(MIDDLEWARE):
        chain = middleware(chain)
    return chain


def _view(request: ASGIRequest) -> HttpResponse:
    """Any answer but 304 stands for none."""
    with suppress(errors.Problem, DisallowedHost):
        request.get_host()
        found = _found(request, polled_job_id(request.scope))
        if isinstance(found, HttpResponseNotModified) and not prefers_html(request):
            count_request(request)
            return found
    return HttpResponse()


def _found(request: ASGIRequest, job_id: UUID | None) -> HttpResponse | None:
    return precondition_answer(request, requested_job(request, job_id, *TELLING)) if job_id else None
