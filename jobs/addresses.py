"""Where a request comes from, as far as we can know."""

import functools
import ipaddress
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.crypto import salted_hmac

FINGERPRINT_LENGTH = 32  # hexadecimal digits


def address_of(request: HttpRequest) -> str:
    """The client's address; "" where there is none, as on a socket of Unix."""
    return client_address(str(request.META.get("REMOTE_ADDR") or ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def address_of_scope(scope: dict[str, Any]) -> str:
    """The same of an ASGI connection."""
    forwarded = [value.decode("latin1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return client_address((scope.get("client") or [""])[0], ",".join(forwarded))


def client_address(peer: str, forwarded: str) -> str:
    """`peer` is who connected, `forwarded` what `X-Forwarded-For` says.

    Behind a proxy of ours it is what that proxy wrote last: whatever stands before it, the client may have made up.
    """
    return forwarded.rpartition(",")[2].strip() if settings.BEHIND_PROXY and forwarded else peer


def network_of(address: str) -> str:
    """Whom to count as one: of IPv6 a whole /64, since that is what one customer gets at least."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped  # IPv4 on a socket of IPv6
    return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))


@functools.lru_cache(maxsize=1024)
def fingerprint_of(address: str) -> str:
    """The same network has the same; without our key nobody finds out which network it is."""
    return salted_hmac("network", network_of(address), algorithm="sha256").hexdigest()[:FINGERPRINT_LENGTH]


def is_loopback(host: str) -> bool:
    """Whether only this very machine finds itself under that name, as a URL has it, perhaps with a port."""
    name = split_domain_port(host)[0].strip("[]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")  # RFC 6761 section 6.3
