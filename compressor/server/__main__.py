"""`python -m compressor.server`: Daphne with an intake that streams (see `compressor.server`).

The command line of `daphne`, and everything else of it but the access log: endpoints, WebSockets, proxy headers.
"""

# First: it installs the asyncio reactor that Twisted would otherwise choose for itself.
import daphne.server  # isort:skip

import asyncio
import contextvars
import sys
from functools import cached_property, partial
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory
from daphne.ws_protocol import WebSocketFactory
from django.conf import settings
from twisted.internet.interfaces import IAddress

from compressor.database import share_connections
from compressor.server import connections, memory
from compressor.server.access_log import SocketLog
from compressor.server.body import Limits
from compressor.server.channel import Channel
from compressor.server.connections import Connections
from compressor.server.outgoing import Outgoing
from compressor.server.request import Request
from compressor.server.sockets import SocketFactory
from jobs import anchor


class Factory(HTTPFactory):
    """Builds a connection of ours instead of Twisted's."""

    def __init__(self, server: "Server", limits: Limits):
        super().__init__(server)
        self.timeOut = limits.client_seconds
        self.protocol = partial(Channel, limits, server.counted)

    def buildProtocol(self, addr: IAddress) -> Channel:
        channel: Channel = super().buildProtocol(addr)
        channel.requestFactory = Request
        return channel

    def acceptableProtocols(self) -> list[bytes]:
        return [b"http/1.1"]


class Server(daphne.server.Server):
    """Daphne's server; HTTP applications read from their request's `Body`; whoever sends waits for slow readers."""

    @cached_property
    def counted(self) -> Connections:
        return connections.from_settings()

    @property
    def ws_factory(self) -> SocketFactory:
        return self._ws_factory

    @ws_factory.setter
    def ws_factory(self, stock: WebSocketFactory) -> None:
        """As `http_factory`."""
        self._ws_factory = SocketFactory(stock, self.counted)

    @property
    def http_factory(self) -> Factory:
        return self._http_factory

    @http_factory.setter
    def http_factory(self, _stock: HTTPFactory) -> None:
        """`run` makes the factory itself and offers no other seam than the attribute."""
        self._http_factory = Factory(self, limits())

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """For HTTP no queue is given back: Daphne's request then leaves the feeding to us.

        Each request has a context of its own. Sockets are read in the context of whoever resumed them, so that it
        would inherit that of the one before on its connection, with asgiref's executors, which have ended.
        """
        if scope["type"] != "http":
            return super().create_application(protocol, scope)
        if protocol not in self.connections:  # as Daphne: the connection was lost meanwhile
            return None
        scope["asgi"] = {"version": "3.0"}
        scope["access"] = protocol.access
        context = contextvars.Context()
        context.run(protocol.access.begin)
        application = self.application(
            scope=scope, receive=protocol.receive, send=partial(self.handle_reply, protocol)
        )
        task = asyncio.get_running_loop().create_task(application, context=context)
        self.connections[protocol]["application_instance"] = task
        return None

    def log_action(self, protocol: str, action: str, details: dict[str, Any]) -> None:
        """Daphne's access log, in whose place ours is (`compressor.server.access_log`)."""

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        await super().handle_reply(protocol, message)
        if isinstance(protocol, Request):
            await protocol.drained()
        elif message["type"] == "websocket.accept":
            protocol.outgoing = Outgoing(protocol.transport, settings.CLIENT_TIMEOUT)
        elif message["type"] == "websocket.send":
            await protocol.outgoing.drained()


class CommandLine(CommandLineInterface):
    server_class = Server

    def load_asgi_app(self, asgi_app_path: str) -> Any:
        application = super().load_asgi_app(asgi_app_path)
        share_connections(settings.DATABASES["default"], settings.DATABASE_CONNECTIONS)
        anchor.hold()
        memory.give_back_regularly()
        return SocketLog(application)


def limits() -> Limits:
    """The limits of the intake, from the settings."""
    return Limits(
        upload_bytes=settings.MAX_UPLOAD_BYTES,
        other_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        client_seconds=settings.CLIENT_TIMEOUT,
    )


def main(arguments: list[str] | None = None) -> None:
    connections.raise_file_limit()
    CommandLine().run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    main()
