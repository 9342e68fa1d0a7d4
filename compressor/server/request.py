"""A request: Daphne's, whose application starts before its body is in."""

import asyncio
import io
from typing import Any

from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.web import http

from compressor.request_id import new_id
from compressor.server.access_log import Access
from compressor.server.body import Body
from compressor.server.connections import REFUSED_SECONDS, peer_of
from jobs import errors, problems
from jobs.addresses import client_address, network_of

ALIVE = b"/healthz"  # a supervisor is answered whatever else comes from its address


class Request(WebRequest):
    """One request, whose application starts before its body is in."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.body = Body(self.channel)
        self.awaits_continue = False
        self.access = Access()
        self._limit = 0
        self._answered = False
        self._network: str | None = None  # under which this request is counted

    @property
    def answering(self) -> bool:
        return bool(self._answered or self.finished)

    # From the channel

    def gotLength(self, length: int | None) -> None:
        """The headers are in; `length` is None where the body is chunked."""
        self.content = io.BytesIO()  # Daphne seeks and closes it; the body never goes there
        if length == 0:
            return  # requestReceived follows at once
        self.channel.setTimeout(None)
        self._limit = self.channel.limits.bytes_for(self._header(b"Content-Type"))
        if length is not None and length > self._limit:
            self._refuse_too_large()
        elif self._header(b"Upgrade"):
            self.refuse(errors.InvalidRequest("A request that asks for an upgrade has no body here."))
        else:
            self._start()

    def handleContentChunk(self, data: bytes) -> None:
        if self.finished:
            return
        if self.body.received + len(data) > self._limit:
            self._refuse_too_large()
        else:
            self.body.feed(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The whole request is in."""
        started = self.path is not None
        self.body.end()
        if not started:
            self._read_line(command, path, version)
            self.process()

    def connectionLost(self, reason: Any) -> None:
        self._uncount()
        self.body.disconnect()
        super().connectionLost(reason)
        self._log()

    def finish(self) -> None:
        self._uncount()
        self.body.disconnect()
        super().finish()
        self._log()

    def _log(self) -> None:
        if self.path is None:  # left before it had asked for anything
            return
        status = self.code if self._answered else None
        self.access.log(self.method.decode("latin-1"), self.uri.decode("latin-1"), status, self.sentLength)

    def process(self) -> Any:
        """Hand it to the application, or to a WebSocket, which then counts itself; unless its address has too many."""
        self.channel.wake()
        if not self._count() and self.path != ALIVE:
            self.refuse(errors.TooManyConnections(retry_after=REFUSED_SECONDS))
            return None
        if self._header(b"Upgrade").lower() == "websocket":
            self._uncount()
        return super().process()

    def _count(self) -> bool:
        network = network_of(self.access.client)
        if not self.channel.counted.begin(network):
            return False
        self._network = network
        return True

    def _uncount(self) -> None:
        if self._network is not None:
            self.channel.counted.end(self._network)
            self._network = None

    def _start(self) -> None:
        self._read_line(self.channel._command, self.channel._path, self.channel._version)
        self.process()

    def _read_line(self, method: bytes, uri: bytes, version: bytes) -> None:
        self.method, self.uri, self.clientproto = method, uri, version
        self.path = uri.partition(b"?")[0]
        forwarded = self.requestHeaders.getRawHeaders(b"X-Forwarded-For") or []
        self.access.client = client_address(peer_of(self.channel), b",".join(forwarded).decode("latin-1"))
        if settings.BEHIND_PROXY:
            self.access.request_id = new_id(self._header(b"X-Request-Id"))

    def _header(self, name: bytes) -> str:
        values = self.requestHeaders.getRawHeaders(name) or [b""]
        return str(values[0].decode("latin-1"))

    # To and from the application

    async def receive(self) -> dict[str, Any]:
        if self.awaits_continue and not self.answering and not self._disconnected:
            self.channel.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.awaits_continue = False
        return await self.body.receive()

    def handle_reply(self, message: dict[str, Any]) -> None:
        if self.finished or self.channel is None:
            return
        if message.get("type") == "http.response.start" and not self.body.complete:
            self.channel.persistent = False
            self.responseHeaders.setRawHeaders(b"Connection", [b"close"])
        elif message.get("type") == "http.response.body" and self._bodiless:
            message = {**message, "body": b""}
        if message.get("type") == "http.response.start":
            self.setHeader(b"X-Request-Id", self.access.request_id.encode())
        self._answered = True
        super().handle_reply(message)

    @property
    def _bodiless(self) -> bool:
        return self.method == b"HEAD" or self.code in http.NO_BODY_CODES

    async def drained(self) -> None:
        """Wait until the client has taken what was sent; one that takes nothing for too long is cut off."""
        channel = getattr(self, "channel", None)
        if channel is None or channel.writable.is_set():
            return
        try:
            await asyncio.wait_for(channel.writable.wait(), channel.limits.client_seconds)
        except TimeoutError:
            channel.transport.abortConnection()

    # Answers of the intake itself

    def refuse(self, problem: errors.Problem) -> None:
        """Answer without the application, which is told `http.disconnect` if it runs."""
        if self.path is None:
            self._read_line(self.channel._command, self.channel._path, self.channel._version)
        if self._answered:
            self.channel.transport.abortConnection()
            return
        status, fields, body = problems.render(problem, self.path.decode("latin-1"))
        headers = [(name.encode(), value.encode()) for name, value in fields.items()]
        self.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": body})

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """Daphne's own error pages, as problem documents."""
        kinds: dict[int, type[errors.Problem]] = {400: errors.InvalidRequest, 503: errors.Unavailable}
        problem = kinds.get(status, errors.Problem)
        self.refuse(problem(f"{body}." if status == 400 else ""))

    def _refuse_too_large(self) -> None:
        self.refuse(errors.TooLarge(max_bytes=self._limit))
