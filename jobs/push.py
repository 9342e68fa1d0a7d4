"""Telling whoever watches a job, once a change of it is committed. A hint: losing it loses nothing."""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from jobs.documents import Snapshot
from jobs.models import Job
from jobs.snapshot import snapshot
from jobs.unreachable import RedisUnreachable, redis_or_unreachable

logger = logging.getLogger(__name__)


def group_of(job_id: UUID) -> str:
    return f"job.{job_id}"


@contextlib.asynccontextmanager
async def news_of(job_id: UUID) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Join the job's group for as long as the block lasts; what is given waits for the next message.

    Raises RedisUnreachable, also where Redis goes away within the block.
    """
    layer = get_channel_layer()
    channel = await layer.new_channel()
    try:
        with redis_or_unreachable():
            await layer.group_add(group_of(job_id), channel)
            yield lambda: layer.receive(channel)
    finally:
        layer.free_channel(channel)
        with redis_or_unreachable():
            await layer.group_discard(group_of(job_id), channel)


def publish(job: Job) -> None:
    """Push the snapshot to whoever watches, once the change is committed. A hint: losing it loses nothing."""
    document = snapshot(job)
    transaction.on_commit(lambda: _send(job.id, document))


def _send(job_id: UUID, document: Snapshot) -> None:
    message = {"type": "job.changed", "revision": document["revision"], "snapshot": document}
    try:
        with redis_or_unreachable():
            async_to_sync(get_channel_layer().group_send)(group_of(job_id), message)
    except RedisUnreachable as error:
        logger.warning("Redis is unreachable, job %s was not pushed (watchers poll): %s", job_id, error)
