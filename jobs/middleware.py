"""What every request passes: problems leave as documents, tokens name their user, cookies need a CSRF token."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware

from jobs import errors
from jobs.owners import BY_TOKEN, user_of
from jobs.problems import response


class ProblemMiddleware:
    """Every error leaves as a problem: those that views raise, and Django's own bare 405.

    Stands outside the other middleware, so that theirs pass through it too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code == 405:
            return self._method_not_allowed(request, answer["Allow"])
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return response(request, exception) if isinstance(exception, errors.Problem) else None

    @staticmethod
    def _method_not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
        methods = set(allow.replace(",", " ").split()) | {"OPTIONS"}
        headers = {"Allow": ", ".join(sorted(methods))}
        if request.method == "OPTIONS":  # RFC 9110 section 9.3.7: asking what is allowed is always allowed
            return HttpResponse(status=204, headers=headers)
        return response(request, errors.MethodNotAllowed(headers=headers))


class TokenMiddleware:
    """`Authorization: Bearer …` (RFC 6750) makes the token's user the request's user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization")
        if header is not None:
            try:
                request.user = user_of(header)
            except errors.InvalidToken as problem:
                return response(request, problem)
            request.META[BY_TOKEN] = True
        return self.get_response(request)


class CookieCsrfMiddleware(CsrfViewMiddleware):
    """A write that carries a session cookie needs a CSRF token, wherever it goes.

    Without the cookie, or with an API token, there is no standing authority that another site could abuse, so
    the API (whose views are exempt) takes the write as it stands. Pages are never exempt: a forged sign-in has
    no cookie yet.
    """

    def process_view(
        self, request: HttpRequest, callback: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseForbidden | None:
        if getattr(callback, "csrf_exempt", False):
            if BY_TOKEN in request.META or settings.SESSION_COOKIE_NAME not in request.COOKIES:
                return None
            callback = _not_exempt
        return super().process_view(request, callback, args, kwargs)


def _not_exempt() -> None:
    """Stands for a view without the exemption; Django's check only reads its attribute."""
