"""Whoever waited for a job leaves nothing behind: no subscription in Redis, no channel in the web process."""

import asyncio
import uuid

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import HttpCommunicator, WebsocketCommunicator
from django.conf import settings
from django.test import TransactionTestCase
from django_rq import get_connection

from compressor.asgi import application
from compressor.redis import socket_path
from jobs import lifecycle, push
from jobs.channel_layer import NewestMessage
from jobs.states import State
from jobs.unreachable import RedisUnreachable
from tests.builders import completed_job, make_job


def held(job_id, seconds=30):
    headers = [(b"host", b"localhost"), (b"prefer", f"wait={seconds}".encode())]
    return HttpCommunicator(application, "GET", f"/jobs/{job_id}", headers=headers)


async def long_poll(job_id, **options):
    return (await held(job_id, **options).get_response(timeout=20))["status"]


async def socket_to(job_id):
    socket = WebsocketCommunicator(application, f"/ws/jobs/{job_id}")
    await socket.connect(timeout=20)
    return socket


async def left_behind():
    topics = await sync_to_async(get_connection("encode").pubsub_channels)("asgi*")
    layer = get_channel_layer()
    return len(topics), len(layer.channels), len(layer.groups)


class NothingIsLeftBehindTest(TransactionTestCase):
    async def test_by_polls_of_what_is_not_there(self):
        assert {await long_poll(uuid.uuid4()) for _ in range(40)} == {404}
        assert await left_behind() == (0, 0, 0)

    async def test_by_polls_of_what_is_finished(self):
        job = await sync_to_async(completed_job)()
        assert {await long_poll(job.id) for _ in range(20)} == {200}
        assert await left_behind() == (0, 0, 0)

    async def test_by_polls_that_news_ended(self):
        job = await sync_to_async(make_job)()
        waiting = [asyncio.create_task(long_poll(job.id)) for _ in range(20)]
        while len(get_channel_layer().channels) < len(waiting):
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)  # each has joined, and looked at the job
        await sync_to_async(lifecycle.start)(job.id, 1, worker="w")
        assert set(await asyncio.gather(*waiting)) == {202}
        assert await left_behind() == (0, 0, 0)

    async def test_by_polls_that_time_ended(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        await asyncio.gather(*(long_poll(job.id, seconds=1) for _ in range(20)))
        assert await left_behind() == (0, 0, 0)

    async def test_by_a_poll_that_is_cut_off(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        poll = held(job.id)
        await poll.send_input({"type": "http.request"})
        while not get_channel_layer().groups:
            await asyncio.sleep(0.05)
        poll.future.cancel()
        await asyncio.wait({poll.future})
        assert await left_behind() == (0, 0, 0)

    async def test_by_sockets(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        for job_id in [job.id, uuid.uuid4()] * 10:
            socket = await socket_to(job_id)
            await socket.receive_output(timeout=20)
            await socket.disconnect()
        assert await left_behind() == (0, 0, 0)

    async def test_by_a_socket_that_is_cut_off_in_the_middle(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        socket = await socket_to(job.id)
        socket.future.cancel()
        await asyncio.wait({socket.future})
        assert await left_behind() == (0, 0, 0)


class SlowWatcherTest(TransactionTestCase):
    async def test_who_comes_late_finds_the_newest_snapshot_alone(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        layer = get_channel_layer()
        async with push.news_of(job.id) as next_message:
            for revision in (1, 2, 5, 4):
                message = {"type": "job.changed", "revision": revision, "snapshot": {"revision": revision}}
                await layer.group_send(push.group_of(job.id), message)
            await asyncio.sleep(0.5)
            assert (await next_message())["revision"] == 5
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(next_message(), 0.3)

    async def test_a_place_that_was_emptied_waits_for_the_next_message(self):
        place = NewestMessage(len)
        waiting = asyncio.create_task(place.get())
        await asyncio.sleep(0)
        place.put_nowait(b"first")
        assert await waiting == b"first"
        place.put_nowait(b"more")
        assert await place.get() == b"more"


class ARedisThatWasAwayTest(TransactionTestCase):
    async def test_keeps_no_subscription_of_who_left_meanwhile_once_somebody_watches_anything(self):
        path, leaver = socket_path(settings.DATA_DIR), await sync_to_async(make_job)()
        leaving = push.news_of(leaver.id)
        await leaving.__aenter__()
        admin = get_connection("encode")
        await sync_to_async(admin.ping)()
        hidden = path.rename(path.with_suffix(".hidden"))
        try:
            await sync_to_async(admin.client_kill_filter)(_type="pubsub")
            with pytest.raises(RedisUnreachable):
                await leaving.__aexit__(None, None, None)
        finally:
            hidden.rename(path)

        async with push.news_of(uuid.uuid4()):
            pass
        await asyncio.sleep(1.5)  # whoever receives has connected again
        async with push.news_of(uuid.uuid4()):
            pass

        assert await left_behind() == (0, 0, 0)
