"""Whose page a request comes from. Another site's page must not make a visitor's browser work for it.

Browsers say where a write and a WebSocket handshake come from (Fetch: `Origin`; RFC 6455 section 10.2; Fetch
Metadata: `Sec-Fetch-Site`), and a page cannot change that. Programs say nothing, and need not.
"""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.utils.http import is_same_domain

from jobs import errors

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110 section 9.2.1: these change nothing
SCHEMES = {"ws": "http", "wss": "https"}  # a page's scheme for a socket's


def check_origin(request: HttpRequest) -> None:
    """Raises ForeignOrigin where another site's page sent this."""
    origin = request.headers.get("Origin")
    if origin is not None and _is_trusted(origin):
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or (origin is not None and not _is_ours(origin, request)):
        raise errors.ForeignOrigin()


def handshake(scope: dict[str, Any]) -> HttpRequest:
    """A WebSocket's handshake as Django's request, which knows about proxies, allowed hosts and odd cookies."""
    scheme = scope.get("scheme", "ws")
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-type"]  # may be unreadable
    request = ASGIRequest(
        {**scope, "method": "GET", "scheme": SCHEMES.get(scheme, scheme), "headers": headers}, BytesIO()
    )
    forwarded = request.META.get("HTTP_X_FORWARDED_PROTO")  # which some proxies call `wss` here
    if forwarded in SCHEMES:
        request.META["HTTP_X_FORWARDED_PROTO"] = SCHEMES[forwarded]
    return request


def _is_ours(origin: str, request: HttpRequest) -> bool:
    try:
        return origin == f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return False


def _is_trusted(origin: str) -> bool:
    """`CSRF_TRUSTED_ORIGINS`, with `https://*.example.org` for all below, as Django has it."""
    scheme, _, host = origin.partition("://")
    return any(
        scheme == trusted.scheme and is_same_domain(host, trusted.netloc.removeprefix("*"))
        for trusted in map(urlsplit, settings.CSRF_TRUSTED_ORIGINS)
    )
