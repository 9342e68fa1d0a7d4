"""Who is connected, so that nobody's connections lock others out.

1. A connection on which nothing is asked (just opened, slow with its headers, or kept alive) is idle. Each address may
   have so many; one more, and its longest idle one is closed. Behind a proxy of ours these are the proxy's own.
2. A request that is being answered, and an open WebSocket, are busy. Each address may have so many; one more is
   refused.

Where the system allows the process few open files, one address may have a part of them only.
"""

import resource
from collections import Counter, defaultdict
from typing import Any, Protocol

from django.conf import settings

IDLE_PER_ADDRESS = 100
# One address may have one part of so many of all files that the process may open.
IDLE_SHARE, BUSY_SHARE = 8, 2
REFUSED_SECONDS = 10


class Closable(Protocol):
    """A connection that may be closed while it is idle."""

    def close_idle(self) -> None: ...


class Connections:
    def __init__(self, idle_per_address: int, busy_per_address: int):
        self._idle_limit = idle_per_address
        self._busy_limit = busy_per_address
        self._idle: defaultdict[str, dict[Closable, None]] = defaultdict(dict)  # the longest idle first
        self._busy: Counter[str] = Counter()

    def rest(self, connection: Closable, network: str) -> None:
        """Nothing is asked on this connection any more, or not yet."""
        resting = self._idle[network]
        resting[connection] = None
        while len(resting) > self._idle_limit:
            oldest = next(iter(resting))
            del resting[oldest]
            oldest.close_idle()

    def wake(self, connection: Closable, network: str) -> None:
        """Something is asked, or it is gone. Harmless when repeated."""
        self._idle[network].pop(connection, None)
        if not self._idle[network]:
            del self._idle[network]

    def begin(self, network: str) -> bool:
        """Count one more request or socket; False where there are too many already."""
        if self._busy[network] >= self._busy_limit:
            return False
        self._busy[network] += 1
        return True

    def end(self, network: str) -> None:
        self._busy[network] -= 1
        if self._busy[network] <= 0:
            del self._busy[network]


def from_settings() -> Connections:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = settings.MAX_CONNECTIONS_PER_ADDRESS
    return Connections(min(IDLE_PER_ADDRESS, files // IDLE_SHARE), min(most, files // BUSY_SHARE))


def raise_file_limit() -> None:
    """A connection is an open file: take as many as the system allows (the soft limit is often 1024)."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def peer_of(transport: Any) -> str:
    """The address of whoever connected; "" on a socket of Unix."""
    return str(getattr(transport.getPeer(), "host", ""))
