"""Where the event loop's own questions to the database wait: sockets', long polls' and uploads'.

Channels would put all of them to one thread: while the database says nothing, the hundredth would be told so after
ninety-nine have waited before it.
"""

import functools
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

THREADS = ThreadPoolExecutor(max_workers=20, thread_name_prefix="database")


def in_database_thread(work: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """To be awaited; connections are looked after before and after, as around a request."""

    @functools.wraps(work)
    def looked_after(*args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return sync_to_async(looked_after, thread_sensitive=False, executor=THREADS)
