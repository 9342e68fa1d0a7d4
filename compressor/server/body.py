"""The body of one request on its way from the socket to the application.

Twisted collects a body whole before anybody sees it. Here the application starts when the headers are in and
takes the bytes as they come; what it has not taken yet waits in a `Body`, and the socket is not read while
more than `HIGH_WATER` bytes wait. So memory is bounded by the number of connections, not by what they send.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

HIGH_WATER = 256 * 1024
MULTIPART_SLACK = 1024 * 1024  # part headers, boundaries and the small fields around a file
STREAMED_TYPES = ("multipart/form-data", "application/offset+octet-stream", "application/octet-stream")


@dataclass(frozen=True)
class Limits:
    """What one client may ask of the intake."""

    upload_bytes: int  # body of a type that carries a video
    other_bytes: int  # body of any other type (JSON, form fields): held in memory by those who parse it
    # How long a client may take for its headers, send nothing while the application waits for its body,
    # take nothing of its response, or keep a connection without a request.
    client_seconds: int = 60

    def bytes_for(self, content_type: str) -> int:
        """The largest body that a request of this Content-Type may have."""
        media_type = content_type.partition(";")[0].strip().lower()
        return self.upload_bytes + MULTIPART_SLACK if media_type in STREAMED_TYPES else self.other_bytes


class Source(Protocol):
    """Where the bytes come from: a connection that can be held back and that watches the clock."""

    def hold(self) -> None: ...
    def release(self) -> None: ...
    def watch(self) -> None: ...
    def unwatch(self) -> None: ...


class Body:
    """A queue of bytes with back-pressure, read through ASGI's `receive`."""

    def __init__(self, source: Source):
        self._source = source
        self._pieces: list[bytes] = []
        self._waiting_bytes = 0
        self._news = asyncio.Event()
        self._told_end = False
        self._gone = False
        self.complete = False
        self.received = 0

    def feed(self, data: bytes) -> None:
        """Bytes came in."""
        self.received += len(data)
        self._waiting_bytes += len(data)
        self._pieces.append(data)
        if self._waiting_bytes > HIGH_WATER:
            self._source.hold()
        self._news.set()

    def end(self) -> None:
        """The last byte came in."""
        self.complete = True
        self._news.set()

    def disconnect(self) -> None:
        """Nothing more will come, and nobody waits for the answer."""
        self._gone = True
        self._news.set()

    async def receive(self) -> dict[str, Any]:
        """ASGI HTTP events: every byte that came, the end of the body, and then only `http.disconnect`.

        Bytes that arrived before a disconnect come first: an upload that can be resumed keeps them.
        """
        while not (self._pieces or self._gone or self._unsaid_end):
            await self._wait()
        if self._pieces or self._unsaid_end:
            return self._take()
        return {"type": "http.disconnect"}

    @property
    def _unsaid_end(self) -> bool:
        return self.complete and not self._told_end

    def _take(self) -> dict[str, Any]:
        data = b"".join(self._pieces)
        self._pieces.clear()
        if self._waiting_bytes > HIGH_WATER:
            self._source.release()
        self._waiting_bytes = 0
        self._told_end = self.complete
        return {"type": "http.request", "body": data, "more_body": not self.complete}

    async def _wait(self) -> None:
        """Wait for news, with the client on the clock as long as its body is not complete."""
        self._news.clear()
        if not self.complete:
            self._source.watch()
        try:
            await self._news.wait()
        finally:
            self._source.unwatch()
