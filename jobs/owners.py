"""Who asks: a signed-in user, the user of an API token, or nobody (a browser, or a program without cookies)."""

import uuid
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jobs import errors
from jobs.models import Job, Owner
from jobs.origin import check_origin, handshake
from jobs.tokens import ApiToken

BY_TOKEN = "compressor.by_token"  # noqa: S105  in META beside the headers, whose names cannot be such
BY_MONITOR = "compressor.by_monitor"  # as above, where it bears METRICS_TOKEN
OWNER = "compressor.owner"  # as above: the owner's label, once it was asked for
VISITOR = "visitor"  # the name in the session under which a browser's own name is kept


def bearer(authorization: str) -> str | None:
    """The secret in an `Authorization` header; None for any scheme but ours (RFC 6750)."""
    scheme, _, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def user_of(secret: str) -> Any:
    """The user of an API token. Raises InvalidToken."""
    token = ApiToken.objects.used(secret)
    if token is None:
        raise errors.InvalidToken()
    return token.user


def is_monitor(secret: str) -> bool:
    """Whether this is METRICS_TOKEN, with which a monitoring system asks."""
    return bool(settings.METRICS_TOKEN) and compare_digest(secret.encode(), settings.METRICS_TOKEN.encode())


def owner_of(request: HttpRequest) -> Owner:
    """Raises LoginRequired where `ACCESS=login` and nobody is signed in. Notes who it is, for the access log."""
    owner = _owner_of(request)
    request.META[OWNER] = owner.label
    return owner


def _owner_of(request: HttpRequest) -> Owner:
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
    """The job, if this owner may see it. To others it does not exist: raises NotFound."""
    job = Job.objects.reachable_by(owner).filter(pk=job_id).with_position().first()
    if job is None:
        raise errors.NotFound()
    return job


def requested_job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    return job_for(owner_of(request), job_id)


def job_to_change(request: HttpRequest, job_id: uuid.UUID) -> Job:
    """The same for whoever wants to cancel, delete, retry or send bytes.

    Raises PermissionDenied for staff who may look at others' jobs and no more.
    """
    owner = owner_of(request)
    job = job_for(owner, job_id)
    if not owner.may_change(job):
        raise errors.PermissionDenied()
    return job


def owner_of_scope(scope: dict[str, Any]) -> Owner:
    """The same for an ASGI connection that passed `AuthMiddlewareStack`. Reads the database.

    Raises LoginRequired, InvalidToken, and ForeignOrigin where another site's page opened it.
    """
    request = handshake(scope)
    secret = bearer(request.headers.get("Authorization", ""))
    if secret is not None:
        return Owner(user=user_of(secret))
    if scope["type"] == "websocket":
        check_origin(request)
    if scope["user"].is_authenticated:
        return Owner(user=scope["user"])
    if settings.ACCESS == "login":
        raise errors.LoginRequired()
    return Owner(visitor=scope["session"].get(VISITOR, ""))
