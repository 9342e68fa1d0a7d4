"""A connection: Twisted's HTTP channel, which reads one request after the other, with back-pressure and a clock."""

import asyncio
from typing import TYPE_CHECKING, Any

from django.conf import settings
from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from twisted.web import http

from compressor.server.body import Limits
from compressor.server.connections import Connections, peer_of
from jobs import errors
from jobs.addresses import network_of

if TYPE_CHECKING:
    from compressor.server.request import Request

LINGER_SECONDS = 10


class Channel(http.HTTPChannel):
    """One connection: parses requests one after the other, and times the client."""

    transport: Any
    _networkProducer: Any  # noqa: N815  (Twisted's name)

    def __init__(self, limits: Limits, counted: Connections):
        super().__init__()
        self.limits = limits
        self.counted = counted
        self.lingering = False
        self.writable = asyncio.Event()
        self.writable.set()

    # Being counted

    def connectionMade(self) -> None:
        super().connectionMade()
        self.network = network_of(peer_of(self.transport))
        self._rest()

    def _rest(self) -> None:
        """Nothing is asked. What a proxy of ours keeps open is not its clients' doing."""
        if not settings.BEHIND_PROXY:
            self.counted.rest(self, self.network)

    def wake(self) -> None:
        self.counted.wake(self, self.network)

    def close_idle(self) -> None:
        """A newer connection of the same address needs the place."""
        self.transport.abortConnection()

    # Reading

    def dataReceived(self, data: bytes) -> None:
        """As HTTPChannel, which however restarts the clock with every byte: a slow loris would never end."""
        if self.lingering:
            return
        if self.line_mode and not self.requests and not self._buffer:
            self.setTimeout(self.limits.client_seconds)
        LineReceiver.dataReceived(self, data)

    def lineReceived(self, line: bytes) -> None:
        if not self.lingering:
            super().lineReceived(line)

    def headerReceived(self, line: bytes) -> bool:
        try:
            return bool(super().headerReceived(line))
        except ValueError:  # a Content-Length of more digits than Python reads
            self._respondToBadRequestAndDisconnect()
            return False

    def rawDataReceived(self, data: bytes) -> None:
        if not self.lingering:
            super().rawDataReceived(data)

    def allContentReceived(self) -> None:
        if self.lingering:
            return
        self.timeOut = self.limits.client_seconds  # what HTTPChannel puts back once the answer is out
        super().allContentReceived()

    def _send100Continue(self) -> None:
        if not self.lingering:
            self.requests[-1].awaits_continue = True

    # The source of a Body

    def hold(self) -> None:
        self._networkProducer.pauseProducing()

    def release(self) -> None:
        if not self._waitingForTransport:
            self._networkProducer.resumeProducing()

    def watch(self) -> None:
        if self.connected and not self.lingering:
            self.setTimeout(self.limits.client_seconds)

    def unwatch(self) -> None:
        if self.requests and not self.lingering:
            self.setTimeout(None)

    # Writing

    def pauseProducing(self) -> None:
        """The transport has more to send than the client takes."""
        self.writable.clear()
        super().pauseProducing()

    def resumeProducing(self) -> None:
        super().resumeProducing()
        self.writable.set()

    # Ending

    def requestDone(self, request: "Request") -> None:
        if request.body.complete:
            super().requestDone(request)
            if not self.requests:
                self._rest()
        else:
            self._linger()

    def _linger(self) -> None:
        """Send what there is to send, then drop what comes until the client closes or the time is up."""
        self.lingering = True
        self.requests.clear()
        self._rest()
        self._networkProducer.resumeProducing()
        self.transport.loseWriteConnection()
        self.setTimeout(LINGER_SECONDS)

    def timeoutConnection(self) -> None:
        if self.lingering:
            self.transport.abortConnection()
        elif self.requests and not self.requests[0].answering:
            self.requests[0].refuse(errors.RequestTimeout())
        else:
            super().timeoutConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.wake()
        self.writable.set()
        super().connectionLost(reason)

    def _respondToBadRequestAndDisconnect(self) -> None:
        """A request that is not HTTP, or a body that is not framed as it says."""
        if self.requests and not self.requests[0].answering and hasattr(self, "_command"):
            self.requests[0].refuse(errors.InvalidRequest("This is not well-formed HTTP."))
        elif not self.lingering:
            super()._respondToBadRequestAndDisconnect()
