"""Which names the site answers to, beside those in `ALLOWED_HOSTS`.

A page of another site can have its own name lead to this machine (DNS rebinding), and would then pass for ours.
It cannot do that with an address, nor with a name that only this machine or its network gives out.
"""

import functools
import ipaddress
import socket

LOCAL_DOMAINS = ("local", "home.arpa", "internal")  # RFC 6762, RFC 8375, ICANN: nobody can register names below


class AnyAddress(str):
    """A pattern for `ALLOWED_HOSTS` that every IP address fits, so that `http://192.168.1.5:8000` gets in."""

    __hash__ = str.__hash__

    def lower(self) -> "AnyAddress":
        """Django compares patterns in lower case."""
        return self

    def __eq__(self, host: object) -> bool:
        return isinstance(host, str) and is_address(host)

    def __ne__(self, host: object) -> bool:
        return not self == host


@functools.lru_cache(maxsize=1000)
def is_address(host: str) -> bool:
    """An IP address as it stands in a URL; IPv6 in brackets."""
    try:
        ipaddress.ip_address(host[1:-1] if host.startswith("[") else host)
    except ValueError:
        return False
    return True


def own_names(listening_on: str) -> list[str]:
    """The names of this machine, that of `HOST`, and any address."""
    machine = socket.gethostname().lower()
    label = machine.partition(".")[0]
    names = {"localhost", machine, label, *(f"{label}.{domain}" for domain in LOCAL_DOMAINS)}
    if not is_address(listening_on) and ":" not in listening_on:
        names.add(listening_on.lower())
    return [*sorted(names - {""}), AnyAddress("any address")]
