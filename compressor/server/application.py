"""Django as an ASGI application that reads a body only when a view asks for it.

Django's own handler spools every body to the disk before it so much as looks at the path. Here a request begins
when its headers are in, as it does under WSGI, and whoever reads its body waits for the bytes in the thread of
that request: what nobody asks for is never read.
"""

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any, cast

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

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


class Threads:
    """Threads that wait for the next request, with their connections: to start one costs more than a short answer."""

    def __init__(self, spare: int):
        self._spare = spare
        self._idle: list[concurrent.futures.Executor] = []

    def take(self) -> concurrent.futures.Executor:
        return self._idle.pop() if self._idle else concurrent.futures.ThreadPoolExecutor(max_workers=1)

    def give_back(self, thread: concurrent.futures.Executor) -> None:
        """A request that was cut off may be at work in it still; the next one has it after that."""
        thread.submit(self._keep, thread)

    def _keep(self, thread: concurrent.futures.Executor) -> None:
        if len(self._idle) < self._spare:
            self._idle.append(thread)
        else:
            connections.close_all()
            thread.shutdown(wait=False)


class DjangoApplication(ASGIHandler):
    """Whatever of a request is not async happens in one thread, which is the request's own for as long as it lasts."""

    threads = Threads(spare=20)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        thread = self.threads.take()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        finally:
            self.threads.give_back(thread)

    def load_middleware(self, is_async: bool = False) -> None:
        """All of it is sync, as the views are: in an async chain each piece takes a turn of a thread."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

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
