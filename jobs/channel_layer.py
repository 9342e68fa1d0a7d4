"""The channel layer: of what waits for a watcher only the newest snapshot is kept, and nothing outlives the watcher.

channels-redis queues every message without an end, and subscribes each channel to a topic of its own that it gives
up only when a `receive` is cancelled. Here a snapshot makes the older ones worthless, and we send to groups alone.
"""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer

PATIENCE = 2  # seconds that Redis may take to answer


class NewestMessage:
    """The place of a channel's messages: holds one, that of the highest revision; takes the part of a queue."""

    def __init__(self, revision_of: Callable[[bytes], int]):
        self._revision_of = revision_of
        self._waiting: bytes | None = None
        self._arrived = asyncio.Event()

    def put_nowait(self, message: bytes) -> None:
        """Two processes may publish in another order than they committed, so the later one is not always newer."""
        if self._waiting is not None:
            message = max(self._waiting, message, key=self._revision_of)
        self._waiting = message
        self._arrived.set()

    async def get(self) -> bytes:
        while self._waiting is None:
            self._arrived.clear()
            await self._arrived.wait()
        message, self._waiting = self._waiting, None
        return message


class NewestWins(RedisPubSubChannelLayer):
    """For messages that bear the `revision` of what they tell.

    Raises TimeoutError where Redis takes the connection and then says nothing; stock waits for as long as that lasts.
    """

    async def new_channel(self, prefix: str = "specific.") -> str:
        """A name and a place, in this process alone: nothing is asked of Redis."""
        channel = f"{prefix}{uuid.uuid4().hex}"
        self.channels[channel] = NewestMessage(self._revision_of)
        return channel

    def free_channel(self, channel: str) -> None:
        """For who is no consumer: Channels frees theirs by itself."""
        self.channels.pop(channel, None)

    async def group_add(self, group: str, channel: str) -> None:
        layer = self._get_layer()
        async with asyncio.timeout(PATIENCE):
            await layer.group_add(group, channel)
            for shard in layer._shards:
                if len(shard._subscribed_to) > len(layer.groups):
                    await self._give_up_what_nobody_watches(layer, shard)

    async def group_discard(self, group: str, channel: str) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._get_layer().group_discard(group, channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._get_layer().group_send(group, message)

    async def _give_up_what_nobody_watches(self, layer: Any, shard: Any) -> None:
        """Topics of watchers who left while Redis was away; redis-py subscribed to them again once it was back."""
        async with shard._lock:
            for topic in shard._subscribed_to - layer.groups.keys():
                await shard._pubsub.unsubscribe(topic)
                shard._subscribed_to.discard(topic)

    def _revision_of(self, message: bytes) -> int:
        revision: int = self.deserialize(message)["revision"]
        return revision
