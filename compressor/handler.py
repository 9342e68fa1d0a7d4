"""Django's ASGI handler, before which a poll that finds nothing new is answered, and headers that nobody can read."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.http import HttpResponse

from compressor.server.application import DjangoApplication, Receive, Scope, Send
from jobs import errors, problems
from jobs.api import unchanged
from jobs.threads import in_database_thread


class Handler(DjangoApplication):
    def __init__(self) -> None:
        super().__init__()
        self._look = in_database_thread(self._unchanged)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if unchanged.may_be(scope) and (answer := await self._look(scope)):
            await self.send_response(answer, send)
        else:
            await super().__call__(scope, receive, send)

    def _unchanged(self, scope: Scope) -> HttpResponse | None:
        request, _ = self.create_request(scope, BytesIO())
        return unchanged.answer(request) if request else None

    def create_request(self, scope: Mapping[str, Any], body_file: Any) -> tuple[Any, Any]:
        try:
            return super().create_request(scope, body_file)
        except ValueError:  # a Content-Type with a charset that does not exist (RFC 2231), or NUL in its name
            problem = errors.InvalidRequest("The headers could not be read.")
            status, headers, body = problems.render(problem, scope["path"])
            return None, HttpResponse(body, status=status, headers=headers)
