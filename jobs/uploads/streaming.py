"""The ASGI door of `/uploads/`: Django decides on the headers alone, then the body streams to the disk.

1. `X-HTTP-Method-Override` stands for the method (core protocol; for clients that cannot send PATCH).
2. The request goes to Django without its body, through all middleware, to a view in `views.py`.
3. The view answers an error, or anything that takes no bytes: that answer goes out, and the body is never read.
4. The view leaves a `Grant` in the scope: its answer is held back, the body is received, and the answer goes
   out with the offset that was reached.
5. Every answer carries `Tus-Resumable` (core protocol).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from jobs import errors, problems
from jobs.models import Job
from jobs.scope import header
from jobs.uploads import protocol, receiver
from jobs.uploads.protocol import CONTENT_TYPE, PATH

App = Callable[[Any, Any, Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

KEPT = {b"tus-resumable", b"location"}  # of a view's answer that turned into a problem


class Uploads:
    def __init__(self, app: App):
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self.app(scope, receive, send)
            return
        answer = Answer(send)
        scope = {**scope, "method": _method(scope), "grants": answer.grants}
        if header(scope, b"content-type").partition(";")[0].lower() != CONTENT_TYPE:
            await self.app(scope, receive, answer.send)
            return
        await self.app(scope, _bodiless(), answer.send)
        if answer.grants:
            await _receive(answer, receive)


class Answer:
    """Django's answer on its way out; held back where a view granted the body."""

    def __init__(self, send: Any):
        self._send = send
        self.grants: list[receiver.Grant] = []
        self.status = 204
        self.headers: Headers = []

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            resumable = (b"Tus-Resumable", protocol.VERSION.encode())
            self.status, self.headers = message["status"], [*message.get("headers", []), resumable]
            message = {**message, "headers": self.headers}
        if not self.grants:
            await self._send(message)

    async def complete(self, job: Job) -> None:
        """What the view answered, and how far the upload is."""
        offset = await asyncio.to_thread(receiver.offset_of, job)
        reached = {"Upload-Offset": str(offset), **protocol.expiry(job, offset)}
        await self._out(self.status, self.headers, reached)

    async def refuse(self, problem: errors.Problem, path: str) -> None:
        """A problem instead; an upload that was created all the same is named (Creation With Upload)."""
        kept = [(name, value) for name, value in self.headers if name.lower() in KEPT]
        status, added, body = problems.render(problem, path)
        await self._out(status, kept, added, body)

    async def _out(self, status: int, headers: Headers, changes: dict[str, str], body: bytes = b"") -> None:
        if status != 204:
            changes["Content-Length"] = str(len(body))
        changed = {name.lower().encode() for name in changes}
        headers = [(name, value) for name, value in headers if name.lower() not in changed]
        headers += [(name.encode(), value.encode()) for name, value in changes.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


async def _receive(answer: Answer, receive: receiver.Receive) -> None:
    grant = answer.grants[0]
    try:
        job = await receiver.take(grant, receive)
    except errors.Problem as problem:
        await answer.refuse(problem, f"{PATH}/{grant.job.id}")
    except receiver.SenderLeft:
        pass  # nobody is there to be answered
    else:
        await answer.complete(job)


def _bodiless() -> Callable[[], Awaitable[dict[str, Any]]]:
    """A body that is over at once, from a client that never leaves."""
    events = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        return events.pop() if events else await asyncio.get_running_loop().create_future()

    return receive


def _method(scope: dict[str, Any]) -> str:
    return header(scope, b"x-http-method-override").upper() or scope["method"]
