"""What we use of Twisted, Daphne and Django without their word: by name, so that a new release says it."""

import daphne.server
import pytest
from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketProtocol
from django.contrib.auth import middleware as auth_middleware
from twisted.internet.testing import StringTransport
from twisted.web import http

from compressor.server.__main__ import Server


@pytest.fixture
def channel():
    """A connection that has read the head of a request, and waits for its body."""
    channel = http._GenericHTTPChannelProtocol(http.HTTPChannel())._channel
    channel.requestFactory = http.Request
    channel.factory = http.HTTPFactory()
    channel.makeConnection(StringTransport())
    channel.dataReceived(b"POST /jobs HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n")
    return channel


@pytest.mark.parametrize(
    "name",
    [
        "_networkProducer",
        "_waitingForTransport",
        "_buffer",
        "line_mode",
        "_command",
        "_path",
        "_version",
        "_send100Continue",
        "headerReceived",
        "_respondToBadRequestAndDisconnect",
    ],
)
def test_a_connection_of_twisted_still_has(channel, name):
    assert hasattr(channel, name), f"Twisted moved HTTPChannel.{name}; compressor/server/channel.py rests on it"


@pytest.mark.parametrize(
    "name", ["_disconnected", "gotLength", "handleContentChunk", "requestReceived", "connectionLost", "finish"]
)
def test_a_request_of_twisted_still_calls(name):
    assert hasattr(http.Request, name), f"Twisted moved Request.{name}; compressor/server/request.py overrides it"


@pytest.mark.parametrize("name", ["process", "handle_reply", "basic_error"])
def test_a_request_of_daphne_still_has(name):
    assert hasattr(WebRequest, name), f"Daphne moved WebRequest.{name}; compressor/server/request.py rests on it"


def test_django_still_keeps_the_user_that_it_found_at_the_request():
    assert "_cached_user" in auth_middleware.get_user.__code__.co_names, "the access log names nobody in the admin"


@pytest.mark.parametrize("name", ["create_application", "handle_reply", "run"])
def test_the_server_of_daphne_still_has(name):
    assert hasattr(daphne.server.Server, name), f"Daphne moved Server.{name}; compressor/server rests on it"


@pytest.mark.parametrize(
    "name", ["onMessageFrameBegin", "onPing", "onPong", "_fail_connection", "onConnect", "onClose"]
)
def test_a_socket_of_autobahn_still_has(name):
    assert hasattr(WebSocketProtocol, name), f"Autobahn moved {name}; compressor/server/sockets.py rests on it"


def test_daphne_still_takes_its_factory_from_the_attribute_that_ours_intercepts():
    server = Server(application=None, endpoints=["tcp:port=0"])
    server.http_factory = "stock"
    assert type(server.http_factory).__name__ == "Factory", "Daphne no longer assigns Server.http_factory"
    assert {"http_factory", "ws_factory"} <= set(daphne.server.Server.run.__code__.co_names)
