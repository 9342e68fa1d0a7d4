"""What is pushed over a WebSocket is what is polled over HTTP."""

import socketserver
import tempfile
import uuid
from types import SimpleNamespace

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.auth import get_user_model
from django.test import TransactionTestCase, override_settings

from compressor.asgi import application
from jobs import lifecycle, push
from jobs.models import Job
from jobs.states import State
from jobs.tokens import ApiToken
from tests.builders import completed_job, make_job


def progress(fraction):
    return SimpleNamespace(as_dict=lambda: {"phase": "encode", "fraction": fraction})


def socket_to(job_id, **headers):
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return WebsocketCommunicator(application, f"/ws/jobs/{job_id}", headers=encoded)


async def opened(job_id, **headers):
    socket = socket_to(job_id, **headers)
    await socket.connect(timeout=5)
    return socket


async def close_code(socket):
    message = await socket.receive_output(timeout=5)
    assert message["type"] == "websocket.close", message
    return message["code"]


class PushTest(TransactionTestCase):
    async def test_each_push_equals_what_a_poll_answers_then(self):
        job = await sync_to_async(make_job)()
        socket = await opened(job.id)
        steps = [
            lambda: lifecycle.start(job.id, 1, worker="w"),
            lambda: lifecycle.report(job, progress(0.25)),
            lambda: lifecycle.report(job, progress(0.75)),
            lambda: lifecycle.hand_back(job),
            lambda: lifecycle.cancel(job),
        ]
        pushed = await socket.receive_json_from(timeout=5)
        assert pushed == (await self.async_client.get(f"/jobs/{job.id}")).json()
        for step in steps:
            await sync_to_async(step)()
            pushed = await socket.receive_json_from(timeout=5)
            polled = (await self.async_client.get(f"/jobs/{job.id}")).json()
            assert pushed == polled.get("job", polled)
        assert await close_code(socket) == 1000

    async def test_a_late_watcher_of_a_finished_job_gets_it_and_the_socket_closes(self):
        job = await sync_to_async(completed_job)()
        socket = await opened(job.id)
        assert (await socket.receive_json_from(timeout=5))["state"] == State.COMPLETED
        assert await close_code(socket) == 1000

    async def test_what_is_older_than_the_watcher_has_is_dropped(self):
        job = await sync_to_async(make_job)(State.RUNNING, revision=7)
        socket = await opened(job.id)
        newest = await socket.receive_json_from(timeout=5)
        for revision in (6, 7):
            stale = {"type": "job.changed", "revision": revision, "snapshot": {**newest, "revision": revision}}
            await get_channel_layer().group_send(push.group_of(job.id), stale)
        assert await socket.receive_nothing(timeout=0.3)
        await socket.disconnect()

    async def test_a_job_that_does_not_exist_closes_with_4404(self):
        assert await close_code(await opened(uuid.uuid4())) == 4404

    async def test_somebody_elses_job_does_not_exist(self):
        ann = await get_user_model().objects.acreate(username="ann")
        job = await sync_to_async(make_job)(owner=ann)
        assert await close_code(await opened(job.id)) == 4404

    async def test_a_token_opens_its_users_jobs(self):
        ann = await get_user_model().objects.acreate(username="ann")
        job = await sync_to_async(make_job)(owner=ann)
        await ApiToken.objects.acreate(user=ann, name="script", digest=ApiToken.digest_of("secret"))
        socket = await opened(job.id, authorization="Bearer secret")
        assert (await socket.receive_json_from(timeout=5))["id"] == str(job.id)
        await socket.disconnect()

    async def test_another_sites_page_cannot_use_a_visitors_cookie(self):
        job = await sync_to_async(make_job)()
        cookies = {"cookie": "sessionid=abc", "host": "testserver"}
        assert await close_code(await opened(job.id, origin="https://evil.example", **cookies)) == 4403
        socket = await opened(job.id, origin="http://testserver", **cookies)
        assert await socket.receive_json_from(timeout=5)
        await socket.disconnect()

    @override_settings(ACCESS="login")
    async def test_where_signing_in_is_required_a_stranger_is_told_nothing(self):
        job = await sync_to_async(make_job)()
        assert await close_code(await opened(job.id)) == 4401


class LosingRedisTest(TransactionTestCase):
    @override_settings(
        CHANNEL_LAYERS={
            "default": {
                "BACKEND": "jobs.channel_layer.NewestWins",
                "CONFIG": {"hosts": ["unix:///nowhere/redis.sock"]},
            }
        }
    )
    def test_a_push_that_cannot_be_sent_loses_nothing(self):
        job = make_job()
        with self.assertLogs("jobs.push", "WARNING"):
            assert lifecycle.start(job.id, 1, worker="w")
        assert Job.objects.get().state == State.RUNNING
        assert self.client.get(f"/jobs/{job.id}").json()["state"] == State.RUNNING

    async def test_a_watcher_is_told_to_try_again_later_where_redis_takes_the_connection_and_says_nothing(self):
        job = await sync_to_async(make_job)()
        with tempfile.TemporaryDirectory() as folder, socketserver.UnixStreamServer(f"{folder}/redis.sock", None):
            hosts = {"hosts": [f"unix://{folder}/redis.sock"]}
            layers = {"default": {"BACKEND": "jobs.channel_layer.NewestWins", "CONFIG": hosts}}
            with override_settings(CHANNEL_LAYERS=layers):
                assert await close_code(await opened(job.id)) == 1013
