"""Who asks: a signed-in user, the user of an API token, or nobody (a browser, or a program without cookies)."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core import signing
from django.http import HttpRequest, HttpResponse

from jobs import errors, schedule
from jobs.addresses import address_of, fingerprint_of
from jobs.lookup import job_by
from jobs.models import Job, Owner
from jobs.origin import check_origin, handshake
from jobs.tokens import ApiToken

BY_TOKEN = "compressor.by_token"  # noqa: S105  in META beside the headers, whose names cannot be such
BY_MONITOR = "compressor.by_monitor"  # as above, where it bears METRICS_TOKEN
OWNER = "compressor.owner"  # as above: the owner's label, once it was asked for
NAMED = "compressor.visitor"  # in META as well: the name given within this request
VISITOR = "visitor"  # the cookie in which a browser keeps its own name, signed; nothing is kept here for a glance
_Session = import_module(settings.SESSION_ENGINE).SessionStore
STANDING = {VISITOR, settings.SESSION_COOKIE_NAME}  # cookies by which a browser may do more than anybody


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
    return Owner(visitor=visitor_of(request), network=fingerprint_of(address_of(request)))


def name_visitor(request: HttpRequest) -> None:
    """Give a browser a name of its own, so that its anonymous jobs can be listed to it again."""
    request.META[NAMED] = visitor_of(request) or str(uuid.uuid4())


def remember_visitor(request: HttpRequest, response: HttpResponse) -> None:
    """Have the browser keep the name, for as long as a session since its last visit."""
    response.set_cookie(
        VISITOR,
        _signer().sign(request.META[NAMED]),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def job_for(owner: Owner, job_id: uuid.UUID, *fields: str) -> Job:
    """The job, if this owner may see it; read in whole, unless some fields suffice.

    To others it does not exist: raises NotFound.
    """
    try:
        job = job_by(job_id, *fields)
    except Job.DoesNotExist:
        raise errors.NotFound() from None
    if not owner.may_see(job):
        raise errors.NotFound()
    schedule.place([job])
    return job


def requested_job(request: HttpRequest, job_id: uuid.UUID, *fields: str) -> Job:
    return job_for(owner_of(request), job_id, *fields)


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
    """The same for an ASGI connection. Reads the database.

    Raises LoginRequired, InvalidToken, and ForeignOrigin where another site's page opened it.
    """
    request = handshake(scope)
    secret = bearer(request.headers.get("Authorization", ""))
    if secret is not None:
        return Owner(user=user_of(secret))
    if scope["type"] == "websocket":
        check_origin(request)
    request.session = _Session(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    return _owner_of(request)


def visitor_of(request: HttpRequest) -> str:
    """The browser's own name; "" for one that has none yet."""
    return str(request.META.get(NAMED) or _name_in(request.COOKIES, request.session))


def _name_in(cookies: Mapping[str, str], session: Any) -> str:
    """ "" for who has none, or one that is not ours. Sessions held the names of those who came earlier."""
    with suppress(KeyError, signing.BadSignature):
        return _signer().unsign(cookies[VISITOR], max_age=settings.SESSION_COOKIE_AGE)
    return str(session.get(VISITOR, ""))


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="compressor.visitor")
