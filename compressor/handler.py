"""Django's ASGI handler, before which a poll that finds nothing new is answered, and headers that nobody can read."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from asgiref.sync import sync_to_async
from django.core.signals import request_finished, request_started
from django.http import HttpResponse

from compressor.server.application import DjangoApplication, Receive, Scope, Send
from jobs import errors, problems
from jobs.api import unchanged


class Handler(DjangoApplication):
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if unchanged.may_be(scope):
            answer = await sync_to_async(self._unchanged, thread_sensitive=True)(scope)
            if answer is not None:
                await self.send_response(answer, send)
                return
        await super().handle(scope, receive, send)

    def _unchanged(self, scope: Scope) -> HttpResponse | None:
        """Between the signals at which Django looks after its connections to the database."""
        request_started.send(sender=self.__class__, scope=scope)
        try:
            request, _ = self.create_request(scope, BytesIO())
            return unchanged.answer(request) if request else None
        finally:
            request_finished.send(sender=self.__class__)

    def create_request(self, scope: Mapping[str, Any], body_file: Any) -> tuple[Any, Any]:
        try:
            return super().create_request(scope, body_file)
        except ValueError:  # a Content-Type with a charset that does not exist (RFC 2231), or NUL in its name
            problem = errors.InvalidRequest("The headers could not be read.")
            status, headers, body = problems.render(problem, scope["path"])
            return None, HttpResponse(body, status=status, headers=headers)
