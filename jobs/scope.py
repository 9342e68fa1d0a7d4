"""Reading an ASGI scope."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

JOB_PATH = re.compile(r"/jobs/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def header(scope: Mapping[str, Any], name: bytes) -> str:
    """The first value of a header, "" where it was not sent. `name` is in lower case, as ASGI has it."""
    return next((value.decode("latin1").strip() for key, value in scope["headers"] if key == name), "")


def polled_job_id(scope: Mapping[str, Any]) -> UUID | None:
    """The job of which this request asks how it is; None for any other request."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    match = JOB_PATH.fullmatch(scope["path"])
    return UUID(match[1]) if match else None
