"""Django as an ASGI application that reads a body only when a view asks for it.

Django's own handler spools every body to the disk before it so much as looks at the path. Here a request begins
when its headers are in, as it does under WSGI, and whoever reads its body waits for the bytes in the thread of
that request: what nobody asks for is never read.
"""

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any, cast

from django.core.handlers.asgi import ASGIHandler
from django.db import connections

Scope = dict[str, Any]
Event = Mapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


class IncomingBody:
    """The body of one request, as a file for Django to read in that request's own thread.

    It is called in the event loop, as ASGI's `receive`. Reading raises OSError, which Django tells as
    UnreadablePostError, where the client leaves or the server ends before the body is in.
    """

    def __init__(self, receive: Receive):
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._pieces = 0
        self._left = memoryview(b"")
        self._waiting: concurrent.futures.Future[bytes] | None = None
        self._closed = False
        self.whole = asyncio.Event()

    async def __call__(self) -> Event:
        return await self._receive()

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, at least one before the end; all there are with -1."""
        if size < 0:
            return b"".join(iter(lambda: self.read(65536), b""))
        if not self._left:
            self._left = memoryview(self._next())
        piece, self._left = bytes(self._left[:size]), self._left[size:]
        return piece

    def readline(self, size: int = -1) -> bytes:
        """Django uses up by lines what it does not want. A piece will do, where a line may be endless."""
        return self.read(65536)

    def close(self) -> None:
        """Whoever reads is told that nothing more comes."""
        self._closed = True
        if self._waiting:
            self._waiting.cancel()

    def _next(self) -> bytes:
        while not self.whole.is_set():
            if self._pieces == 1:  # it takes its time: no connection is held meanwhile
                connections.close_all()
            self._waiting = asyncio.run_coroutine_threadsafe(self._take(), self._loop)
            if self._closed:
                self._waiting.cancel()
            try:
                data = self._waiting.result()
            except concurrent.futures.CancelledError:
                raise ConnectionAbortedError("The request ended before its body was in.") from None
            if data:
                return data
        return b""

    async def _take(self) -> bytes:
        event = await self._receive()
        if event["type"] == "http.disconnect":
            raise ConnectionResetError("The client left before its body was in.")
        self._pieces += 1
        if not event.get("more_body"):
            self.whole.set()
        return cast(bytes, event.get("body", b""))


class DjangoApplication(ASGIHandler):
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _has_body(scope):
            await super().handle(scope, receive, send)
            return
        body = IncomingBody(receive)
        try:
            await super().handle(scope, body, send)
        finally:
            body.close()

    async def read_body(self, receive: Receive) -> IO[bytes]:
        return cast(IO[bytes], receive) if isinstance(receive, IncomingBody) else await super().read_body(receive)

    async def listen_for_disconnect(self, receive: Receive) -> None:
        """Until the body is in, its reader is the one who listens."""
        if isinstance(receive, IncomingBody):
            await receive.whole.wait()
        await super().listen_for_disconnect(receive)


def _has_body(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"
