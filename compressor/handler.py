"""Django's ASGI handler, which lets an exception out where it cannot read a request's headers."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from compressor.server.application import DjangoApplication
from jobs import errors, problems


class Handler(DjangoApplication):
    def create_request(self, scope: Mapping[str, Any], body_file: Any) -> tuple[Any, Any]:
        try:
            return super().create_request(scope, body_file)
        except ValueError:  # a Content-Type with a charset that does not exist (RFC 2231), or NUL in its name
            problem = errors.InvalidRequest("The headers could not be read.")
            status, headers, body = problems.render(problem, scope["path"])
            return None, HttpResponse(body, status=status, headers=headers)
