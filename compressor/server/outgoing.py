"""What is on its way to a client that may not take it.

Twisted keeps whatever is written until the client reads, without an end. So whoever sends over a socket waits here
while more than some 64 kB are unsent, and finds only the newest to send when it goes on (`jobs/channel_layer.py`).
"""

import asyncio
from typing import Any


class Outgoing:
    """The producer (Twisted's `IPushProducer`) of a socket's transport, which tells it to pause and to go on."""

    def __init__(self, transport: Any, seconds: float):
        self._transport = transport
        self._seconds = seconds
        self._writable = asyncio.Event()
        self._writable.set()
        transport.unregisterProducer()  # that of the HTTP request whose connection it was
        transport.registerProducer(self, True)

    def pauseProducing(self) -> None:
        self._writable.clear()

    def resumeProducing(self) -> None:
        self._writable.set()

    def stopProducing(self) -> None:
        """The connection is lost: nobody need wait."""
        self._writable.set()

    async def drained(self) -> None:
        """Wait until the client has taken what was sent; one that takes nothing for too long is cut off."""
        try:
            await asyncio.wait_for(self._writable.wait(), self._seconds)
        except TimeoutError:
            self._transport.abortConnection()
