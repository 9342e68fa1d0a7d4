"""The push door: one WebSocket, one job."""

import asyncio
import contextlib
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from jobs import errors, rate_limit
from jobs.documents import Snapshot
from jobs.owners import job_for, owner_of_scope
from jobs.push import group_of
from jobs.snapshot import snapshot
from jobs.states import State
from jobs.threads import in_database_thread
from jobs.unreachable import RedisUnreachable, redis_or_unreachable

DONE = 1000  # RFC 6455 section 7.4.1: the purpose has been fulfilled
SIGN_OF_LIFE = 20  # seconds; without one, a client cannot tell a job at rest from a server that hangs
REFUSED = 4000  # and the HTTP status of the problem: 4401, 4403, 4404, 4429. RFC 6455 section 7.4.2: for private use


class JobConsumer(AsyncJsonWebsocketConsumer):
    """Relays a job's snapshots.

    1. Accept: a close code reaches a browser only over an accepted socket.
    2. Refused: close 4401 (sign in, or a wrong token), 4403 (another site's page), 4404 (not there, or not yours).
    3. Join the job's group, so that nothing falls between it and the next step.
    4. Send the snapshot as the database has it now.
    5. Relay newer revisions; what is older, or the same again, is dropped. After a while without any, the last again.
    6. After a final snapshot, close 1000.

    However it ends, the group is left and the channel freed. Where Redis is unreachable: close 1013 (try again later).
    """

    told: Snapshot | None = None
    life: asyncio.Task[None] | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.life:
                self.life.cancel()
            self.channel_layer.free_channel(self.channel_name)
            with contextlib.suppress(RedisUnreachable), redis_or_unreachable():
                await self.channel_layer.group_discard(group_of(self.job_id), self.channel_name)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Relaying needs no database, so Channels' look at its connections, a turn of a thread, is left out."""
        if message["type"] == "job.changed":
            await self._relay(message["snapshot"])
        else:
            await super().dispatch(message)

    async def connect(self) -> None:
        await self.accept()
        with redis_or_unreachable():
            await self.channel_layer.group_add(group_of(self.job_id), self.channel_name)
        try:
            document = await in_database_thread(self._read)()
        except errors.Problem as problem:
            await self.close(REFUSED + problem.status)
        else:
            await self._relay(document)
            self.life = asyncio.create_task(self._show_life())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Clients have nothing to tell here. compressor/server/sockets.py bounds how much of it they send."""

    async def _relay(self, document: Snapshot) -> None:
        if self.told and document["revision"] <= self.told["revision"]:
            return
        self.told = document
        await self.send_json(document)
        if State(document["state"]).is_final:
            await self.close(DONE)

    async def _show_life(self) -> None:
        while True:
            told = self.told
            await asyncio.sleep(SIGN_OF_LIFE)
            if told and told is self.told:
                await self.send_json(told)

    @property
    def job_id(self) -> UUID:
        job_id: UUID = self.scope["url_route"]["kwargs"]["job_id"]
        return job_id

    def _read(self) -> Snapshot:
        owner = owner_of_scope(self.scope)
        if access := self.scope.get("access"):
            access.owner = owner.label
        rate_limit.count(owner)
        return snapshot(job_for(owner, self.job_id))


class Nowhere(AsyncWebsocketConsumer):
    """A socket to any other address: the handshake is answered with 403, which is all that ASGI can say."""

    async def connect(self) -> None:
        await self.close()
