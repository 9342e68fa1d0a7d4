"""WebSockets, by subclassing Daphne's: what clients send is bounded in size and in pace, and so is how many there are.

Clients have nothing to say over our sockets but their pings, and whatever they send would wait in memory until the
application takes it. So little is let in, and who sends more is closed with 1008 or 1009 (RFC 6455 section 7.4.1).
"""

import time
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from compressor.server.connections import Connections, peer_of
from jobs.addresses import client_address, network_of

MESSAGE_BYTES = 4096
FRAMES, WINDOW = 30, 10  # so many frames, pings and pongs in so many seconds
POLICY_VIOLATION = 1008


class Pace:
    """Lets so many through in each window of time."""

    def __init__(self, most: int, seconds: float):
        self.most, self.seconds = most, seconds
        self._began, self._count = 0.0, 0

    def allows(self) -> bool:
        now = time.monotonic()
        if now - self._began > self.seconds:
            self._began, self._count = now, 0
        self._count += 1
        return self._count <= self.most


class Socket(WebSocketProtocol):
    _network: str | None = None  # under which this socket is counted

    def __init__(self) -> None:
        super().__init__()
        self._pace = Pace(FRAMES, WINDOW)

    def onConnect(self, request: Any) -> Any:
        client = client_address(peer_of(self.transport), request.headers.get("x-forwarded-for", ""))
        self._network = network_of(client)
        self.factory.counted.begin(self._network)  # the request asked whether it may
        return super().onConnect(request)

    def onMessageFrameBegin(self, length: int) -> None:
        """A message may come in any number of frames, even of empty ones, and has at least one."""
        super().onMessageFrameBegin(length)
        self._in_pace()

    def sendMessage(self, payload: bytes, isBinary: bool = False) -> None:  # noqa: N803  (Autobahn's name)
        """Autobahn holds us to the same bound, and the snapshot of a film with many tracks is longer."""
        self.maxMessagePayloadSize = 0
        try:
            super().sendMessage(payload, isBinary)
        finally:
            self.maxMessagePayloadSize = MESSAGE_BYTES

    def onPing(self, payload: bytes) -> None:
        if self._in_pace():
            super().onPing(payload)

    def onPong(self, payload: bytes) -> None:
        if self._in_pace():
            super().onPong(payload)

    def onClose(self, *how: Any) -> None:
        """As Daphne, which however trips over a handshake that failed."""
        if self._network is not None:
            super().onClose(*how)

    def connectionLost(self, reason: Any) -> None:
        super().connectionLost(reason)
        if self._network is not None:
            self.factory.counted.end(self._network)
            self._network = None

    def _in_pace(self) -> bool:
        allowed = self._pace.allows()
        if not allowed:
            self._fail_connection(POLICY_VIOLATION, "Too many messages")
        return allowed


class SocketFactory(WebSocketFactory):
    protocol = Socket

    def __init__(self, stock: WebSocketFactory, counted: Connections):
        super().__init__(stock.server_class, server=stock.server)
        self.counted = counted

    def setProtocolOptions(self, **options: Any) -> None:
        """Daphne's, and ours. A socket that breaks the rules is told so before it is dropped."""
        ours = {"maxMessagePayloadSize": MESSAGE_BYTES, "maxFramePayloadSize": MESSAGE_BYTES, "failByDrop": False}
        super().setProtocolOptions(**options | ours)
