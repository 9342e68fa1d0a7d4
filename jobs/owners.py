"""Who asks: a signed-in user, the user of an API token, or nobody (a browser, or a program without cookies)."""

import uuid
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jobs import errors
from jobs.models import Job, Owner
from jobs.tokens import ApiToken

BY_TOKEN = "compressor.by_token"  # noqa: S105  in META beside the headers, whose names cannot be such
VISITOR = "visitor"  # the name in the session under which a browser's own name is kept


def user_of(authorization: str) -> Any:
    """The user of an `Authorization` header. Raises InvalidToken."""
    scheme, _, secret = authorization.partition(" ")
    token = ApiToken.objects.used(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise errors.InvalidToken()
    return token.user


def owner_of(request: HttpRequest) -> Owner:
    """Raises LoginRequired where `ACCESS=login` and nobody is signed in."""
    if request.user.is_authenticated:
        return Owner(user=request.user)
    if settings.ACCESS == "login":
        raise errors.LoginRequired()
    return Owner(visitor=request.session.get(VISITOR, ""))


def name_visitor(request: HttpRequest) -> None:
    """Give a browser a name of its own, so that its anonymous jobs can be listed to it again."""
    if VISITOR not in request.session:
        request.session[VISITOR] = str(uuid.uuid4())


def job_for(owner: Owner, job_id: uuid.UUID) -> Job:
    """The job, if this owner may reach it. To others it does not exist: raises NotFound."""
    job = Job.objects.reachable_by(owner).filter(pk=job_id).with_position().first()
    if job is None:
        raise errors.NotFound()
    return job


def requested_job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    return job_for(owner_of(request), job_id)


def owner_of_scope(scope: dict[str, Any]) -> Owner:
    """The same for an ASGI connection that passed `AuthMiddlewareStack`. Reads the database.

    Raises LoginRequired, InvalidToken, and CsrfFailed where a cookie comes from another site's page.
    """
    headers = {name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]}
    if "authorization" in headers:
        return Owner(user=user_of(headers["authorization"]))
    if settings.SESSION_COOKIE_NAME in SimpleCookie(headers.get("cookie", "")):
        _check_origin(headers)
    if scope["user"].is_authenticated:
        return Owner(user=scope["user"])
    if settings.ACCESS == "login":
        raise errors.LoginRequired()
    return Owner(visitor=scope["session"].get(VISITOR, ""))


def _check_origin(headers: dict[str, str]) -> None:
    """A browser names the page's origin in a WebSocket handshake (RFC 6455 section 10.2)."""
    origin = headers.get("origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    if origin.partition("://")[2] != headers.get("host"):
        raise errors.CsrfFailed()
