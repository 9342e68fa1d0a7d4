"""One file, as it is sent."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

CHUNK = 256 * 1024  # bytes


class LocalFile:
    """A file that is there whole."""

    def __init__(self, path: Path):
        self._path = path

    @property
    def size(self) -> int:
        return self._path.stat().st_size

    async def chunks(self, start: int, length: int) -> AsyncIterator[bytes]:
        """Asynchronous, because under ASGI Django gathers a synchronous stream in memory before it sends it."""
        file = await asyncio.to_thread(self._path.open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            while length > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK, length))):
                length -= len(chunk)
                yield chunk
        finally:
            file.close()
