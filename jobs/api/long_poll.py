"""`Prefer: wait=N` on a job (RFC 7240): the request waits here, costing no thread, then is answered as ever."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import UUID

from jobs import errors
from jobs.owners import job_for, owner_of_scope
from jobs.push import news_of
from jobs.responses import TELLING, etag
from jobs.scope import header, polled_job_id
from jobs.threads import in_database_thread
from jobs.unreachable import Unreachable, database_or_unreachable

LONGEST_WAIT = 60  # seconds
WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})")

App = Callable[[Any, Any, Any], Awaitable[None]]


class LongPoll:
    """Holds a poll until the job's revision moves, then passes it on to the view that answers every poll.

    1. No `Prefer: wait=N`, or not a job's address: pass it on.
    2. Join the job's group, so that nothing falls between it and the next step.
    3. The job is final, not the caller's, or not what `If-None-Match` names: pass it on at once.
    4. Wait for a push, N seconds at most; an unreachable Redis shortens the wait, it does not break the poll.
    """

    def __init__(self, app: App):
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        seconds = _wanted_wait(scope)
        if not seconds:
            await self.app(scope, receive, send)
        else:
            await self._hold({**scope, "wait": seconds}, receive, send)

    async def _hold(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        job_id = cast(UUID, polled_job_id(scope))
        with contextlib.suppress(TimeoutError, Unreachable):  # the same document, only later or sooner
            await _until_changed(scope, job_id)

        async def send_with_preference(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                applied = (b"Preference-Applied", f"wait={scope['wait']}".encode())
                message = {**message, "headers": [*message["headers"], applied]}
            await send(message)

        await self.app(scope, receive, send_with_preference)


async def _until_changed(scope: dict[str, Any], job_id: UUID) -> None:
    async with news_of(job_id) as next_message:
        if await _worth_waiting(scope, job_id):
            async with asyncio.timeout(scope["wait"]):
                await next_message()


@in_database_thread
def _worth_waiting(scope: dict[str, Any], job_id: UUID) -> bool:
    """Only for a live job that the caller may see, and has seen as it is now."""
    try:
        with database_or_unreachable():
            job = job_for(owner_of_scope(scope), job_id, *TELLING)
    except errors.Problem:
        return False
    known = header(scope, b"if-none-match")
    return not job.is_final and known in ("", etag(job))


def _wanted_wait(scope: dict[str, Any]) -> int:
    if polled_job_id(scope) is None:
        return 0
    wait = WAIT.search(header(scope, b"prefer").lower())
    return min(int(wait[1]), LONGEST_WAIT) if wait else 0
