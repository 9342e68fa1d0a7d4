"""The product's own application, in a process that is killed where `CRASH_AT` says, as by kill -9."""

import os
import signal
from typing import Any

from compressor.asgi import application  # noqa: F401  (what Daphne is told to serve)
from jobs import lifecycle, queue, responses


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


module, name = {
    "before the row is committed": (lifecycle, "accept"),
    "after the commit, before the queue is told": (queue, "offer"),
    "after the queue was told, before the answer": (responses, "submitted"),
}[os.environ["CRASH_AT"]]
setattr(module, name, die)
