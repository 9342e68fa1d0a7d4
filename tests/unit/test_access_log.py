"""Who asked, as the access log tells it."""

import asyncio
import logging

from compressor.server.access_log import SocketLog


async def refuse(scope, receive, send):
    await send({"type": "websocket.close"})


async def unheard(message):
    """Nobody listens."""


def test_a_socket_through_a_proxy_is_logged_with_its_own_address(settings, caplog):
    settings.BEHIND_PROXY = True
    headers = [(b"x-forwarded-for", b"192.0.2.1, 192.0.2.7")]
    scope = {"type": "websocket", "path": "/ws/other", "client": ["127.0.0.1", 4000], "headers": headers}
    with caplog.at_level(logging.INFO, "compressor.access"):
        asyncio.run(SocketLog(refuse)(scope, None, unheard))
    assert caplog.messages[0].startswith('192.0.2.7 - "SOCKET /ws/other" 403 ')
