"""Reading an ASGI scope."""

from typing import Any


def header(scope: dict[str, Any], name: bytes) -> str:
    """The first value of a header, "" where it was not sent. `name` is in lower case, as ASGI has it."""
    return next((value.decode("latin1").strip() for key, value in scope["headers"] if key == name), "")
