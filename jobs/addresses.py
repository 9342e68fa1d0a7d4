"""Where a request comes from, as far as we can know."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The client's address; "" where there is none, as on a socket of Unix.

    Behind a proxy of ours it is what that proxy wrote last: whatever stands before it, the client may have made up.
    """
    if settings.BEHIND_PROXY and (forwarded := request.headers.get("X-Forwarded-For")):
        return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR") or "")


def network_of(address: str) -> str:
    """Whom to count as one: of IPv6 a whole /64, since that is what one customer gets at least."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((address, 64), strict=False)) if found.version == 6 else address
