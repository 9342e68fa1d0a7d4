"""The push door: one WebSocket, one job."""

from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from jobs import errors
from jobs.documents import Snapshot
from jobs.owners import job_for, owner_of_scope
from jobs.push import group_of
from jobs.snapshot import snapshot
from jobs.states import State

DONE = 1000  # RFC 6455 section 7.4.1: the purpose has been fulfilled
REFUSED = 4000  # and the HTTP status of the problem: 4401, 4403, 4404. RFC 6455 section 7.4.2: for private use


class JobConsumer(AsyncJsonWebsocketConsumer):
    """Relays a job's snapshots.

    1. Accept: a close code reaches a browser only over an accepted socket.
    2. Refused: close 4401 (sign in, or a wrong token), 4403 (another site's page), 4404 (not there, or not yours).
    3. Join the job's group, so that nothing falls between it and the next step.
    4. Send the snapshot as the database has it now.
    5. Relay newer revisions; what is older, or the same again, is dropped.
    6. After a final snapshot, close 1000.
    """

    revision = 0
    group: str | None = None

    async def connect(self) -> None:
        await self.accept()
        job_id: UUID = self.scope["url_route"]["kwargs"]["job_id"]
        self.group = group_of(job_id)
        await self.channel_layer.group_add(self.group, self.channel_name)
        try:
            document = await self._read(job_id)
        except errors.Problem as problem:
            await self.close(REFUSED + problem.status)
        else:
            await self._relay(document)

    async def job_changed(self, message: dict[str, Any]) -> None:
        await self._relay(message["snapshot"])

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def _relay(self, document: Snapshot) -> None:
        if document["revision"] <= self.revision:
            return
        self.revision = document["revision"]
        await self.send_json(document)
        if State(document["state"]).is_final:
            await self.close(DONE)

    @database_sync_to_async
    def _read(self, job_id: UUID) -> Snapshot:
        owner = owner_of_scope(self.scope)
        if access := self.scope.get("access"):
            access.owner = owner.label
        return snapshot(job_for(owner, job_id))


class Nowhere(AsyncWebsocketConsumer):
    """A socket to any other address: the handshake is answered with 403, which is all that ASGI can say."""

    async def connect(self) -> None:
        await self.close()
