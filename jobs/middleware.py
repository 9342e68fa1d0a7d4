"""What every request passes: problems leave as documents, tokens name their user, writes come from our own pages."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware

from jobs import content_security, errors
from jobs.addresses import address_of
from jobs.models import Owner
from jobs.origin import READING, check_origin
from jobs.owners import BY_MONITOR, BY_TOKEN, OWNER, STANDING, bearer, is_monitor, user_of
from jobs.problems import problem_of, render, response
from jobs.read_only import is_read_only
from jobs.unreachable import give_back_connection, is_unreachable


class ProblemMiddleware:
    """Every error leaves as a problem: those that views raise, and Django's own bare 405.

    Stands outside the other middleware, so that theirs pass through it too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.streaming:
            give_back_connection()  # a download may take hours, and needs no database
        if answer.status_code == 405:
            return self._method_not_allowed(request, answer["Allow"])
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        problem = problem_of(exception)
        return response(request, problem) if problem else None

    @staticmethod
    def _method_not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
        methods = set(allow.replace(",", " ").split()) | {"OPTIONS"}
        headers = {"Allow": ", ".join(sorted(methods))}
        if request.method == "OPTIONS":  # RFC 9110 section 9.3.7: asking what is allowed is always allowed
            return HttpResponse(status=204, headers=headers)
        return response(request, errors.MethodNotAllowed(headers=headers))


class OutageMiddleware:
    """ASGI, outside of everything: a database that is unreachable before Django is asked, or beside it.

    HTTP is answered as ever, a socket is closed with "try again later"; whatever has begun to be answered breaks off.
    """

    TRY_AGAIN_LATER = 1013  # RFC 6455 section 7.4.2, registered with IANA

    def __init__(self, app: Callable[..., Awaitable[None]]):
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        said: list[str] = []

        async def noted_send(message: dict[str, Any]) -> None:
            said.append(message["type"])
            await send(message)

        try:
            await self.app(scope, receive, noted_send)
        except Exception as error:
            if not is_unreachable(error) or "http.response.start" in said:
                raise
            await self._answer(scope, send, error, is_accepted="websocket.accept" in said)

    async def _answer(self, scope: dict[str, Any], send: Any, error: Exception, *, is_accepted: bool) -> None:
        if scope["type"] == "websocket":
            if not is_accepted:
                await send({"type": "websocket.accept"})  # a close code reaches a browser only over an accepted socket
            await send({"type": "websocket.close", "code": self.TRY_AGAIN_LATER})
            return
        status, fields, body = render(problem_of(error) or errors.Unavailable(), scope["path"])
        headers = [(name.encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class AccessMiddleware:
    """Tells the access log who asked (`compressor.server.access_log`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        access = getattr(request, "scope", {}).get("access")
        if access is not None:
            access.client, access.owner = address_of(request), _name_of_owner(request)
        return answer


class PageGuardMiddleware:
    """What browsers must keep to: which scripts a page may run, and cookies over TLS only, where there is TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Content-Security-Policy", content_security.POLICY)
        for cookie in answer.cookies.values():
            cookie["secure"] = request.is_secure()
        return answer


class CharsetMiddleware:
    """A body in a charset that does not exist, or is none for text, is refused before anything tries to read it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_for_text((request.content_params or {}).get("charset", "utf-8")):
            return response(
                request, errors.UnsupportedType("The `charset` of this body is not known here. Use UTF-8.")
            )
        return self.get_response(request)


class TokenMiddleware:
    """`Authorization: Bearer …` (RFC 6750) makes the token's user the request's user.

    Other schemes are not ours: a proxy in front may have asked for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        secret = bearer(request.META.get("HTTP_AUTHORIZATION", ""))
        if secret is None:
            return self.get_response(request)
        if is_monitor(secret):
            request.META[BY_MONITOR] = True
            return self.get_response(request)
        try:
            request.user = user_of(secret)
        except errors.InvalidToken as problem:
            return response(request, problem)
        request.META[BY_TOKEN] = True
        return self.get_response(request)


class OriginMiddleware:
    """A write that another site's page sent is refused, unless it bears a token, which that page cannot know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READING and BY_TOKEN not in request.META:
            try:
                check_origin(request)
            except errors.ForeignOrigin as problem:
                return response(request, problem)
        return self.get_response(request)


class CookieCsrfMiddleware(CsrfViewMiddleware):
    """A write that carries a session's or a visitor's cookie needs a CSRF token, wherever it goes.

    Without such a cookie, or with an API token, there is no standing authority that another site could abuse, and
    OriginMiddleware has turned away what says that it comes from one; so the API (whose views are exempt) takes
    the write as it stands. Pages that write are never exempt: a forged sign-in has no cookie yet.
    """

    def process_view(
        self, request: HttpRequest, callback: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseForbidden | None:
        if is_read_only(callback):
            return None
        if getattr(callback, "csrf_exempt", False):
            if BY_TOKEN in request.META or not STANDING & request.COOKIES.keys():
                return None
            callback = _not_exempt
        return super().process_view(request, callback, args, kwargs)


def _not_exempt() -> None:
    """Stands for a view without the exemption; Django's check only reads its attribute."""


def _name_of_owner(request: HttpRequest) -> str:
    """What `owner_of` found; of the admin's pages the user, if Django has asked for it. Nothing is asked for here."""
    user = getattr(request, "_cached_user", None)  # where django.contrib.auth keeps it
    return request.META.get(OWNER) or (Owner(user).label if user and user.is_authenticated else "")


def _is_for_text(charset: str) -> bool:
    """Python also has codecs between bytes and bytes, such as `hex`."""
    try:
        bytes(4).decode(charset)
    except (LookupError, ValueError):
        return False
    return True
