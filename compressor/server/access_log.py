"""The access log: one line a request, with who asked and the request's id, and without the keys in addresses.

    client owner "method path" status bytes milliseconds

before which logging puts the time and the request's id. A socket has its line when it ends.
The address of a job is the key to it, and so is the link in a mail: of whatever is long enough for that, the log
has the beginning, and of a query nothing but that there was one.
"""

import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from compressor.request_id import current, new_id
from jobs.addresses import address_of_scope
from jobs.unreachable import is_unreachable

logger = logging.getLogger("compressor.access")

KEY = re.compile(r"[\w-]{20,}", re.ASCII)  # a UUID has 32 digits, with or without dashes
SHOWN = 8  # characters of it, enough to find the job by
GONE = 499  # the client left before it had an answer, as nginx has it

App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass
class Access:
    """What is known of a request. It goes along in the scope; Django's side fills in `client` and `owner`."""

    request_id: str = field(default_factory=new_id)
    client: str = ""
    owner: str = ""
    began: float = field(default_factory=time.monotonic)
    told: bool = False

    def begin(self) -> None:
        """From here on, what this task logs bears the request's id."""
        current.set(self.request_id)

    def log(self, method: str, target: str, status: int | None, size: int) -> None:
        if self.told:
            return
        self.told = True
        self.begin()  # the reactor calls, outside the task
        line = '%s %s "%s %s" %s %s %.0f ms'
        took = (time.monotonic() - self.began) * 1000
        logger.info(line, self.client or "-", self.owner or "-", method, shown(target), status or GONE, size, took)


class SocketLog:
    """Logs WebSockets. HTTP requests are logged where they end, in `compressor.server.request`."""

    def __init__(self, app: App):
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        access = scope["access"] = Access(client=address_of_scope(scope))
        access.begin()
        status, size = None, 0

        async def counted(message: dict[str, Any]) -> None:
            nonlocal status, size
            match message["type"]:
                case "websocket.accept":
                    status = 101
                case "websocket.close":
                    status = message.get("code", 1000) if status else 403
                case "websocket.send":
                    size += len(message.get("text") or message.get("bytes") or "")
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            access.log("SOCKET", scope["path"], status, size)


class Defects(logging.Filter):
    """Of what Django logs of its answers only what nobody foresaw, without the key in its address.

    The access log has every answer already.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(shown(arg) if isinstance(arg, str) else arg for arg in record.args)
        error = record.exc_info[1] if record.exc_info else None
        return error is not None and not is_unreachable(error)


def shown(target: str) -> str:
    """A request target as it may stand in a log."""
    path, query, _ = target.partition("?")
    path = KEY.sub(lambda match: f"{match[0][:SHOWN]}…", path)
    return "".join(c if c.isprintable() and c != '"' else "?" for c in path) + ("?…" if query else "")
