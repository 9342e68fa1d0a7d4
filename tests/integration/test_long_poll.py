"""`Prefer: wait=N` holds a poll until there is news, and no longer."""

import asyncio
import time
from types import SimpleNamespace

from asgiref.sync import sync_to_async
from channels.testing import HttpCommunicator
from django.contrib.auth import get_user_model
from django.test import TransactionTestCase

from compressor.asgi import application
from jobs import lifecycle
from jobs.states import State
from tests.builders import completed_job, make_job


def poll(job, **headers):
    headers = {"host": "testserver", **headers}
    encoded = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HttpCommunicator(application, "GET", f"/jobs/{job.id}", headers=encoded)


async def answer(communicator, timeout=10):
    began = time.monotonic()
    response = await communicator.get_response(timeout=timeout)
    headers = {name.decode().lower(): value.decode() for name, value in response["headers"]}
    return SimpleNamespace(**{**response, "headers": headers}, waited=time.monotonic() - began)


class LongPollTest(TransactionTestCase):
    async def test_news_ends_the_wait(self):
        job = await sync_to_async(make_job)()
        waiting = asyncio.create_task(answer(poll(job, prefer="wait=30")))
        await asyncio.sleep(0.5)
        assert not waiting.done()
        await sync_to_async(lifecycle.start)(job.id, 1, worker="w")
        held = await waiting
        assert (held.status, held.headers["preference-applied"]) == (202, "wait=30")
        assert b'"running"' in held.body

    async def test_without_news_it_ends_when_the_time_is_up(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        held = await answer(poll(job, prefer="respond-async, wait=1"))
        assert held.status == 202
        assert held.waited >= 1

    async def test_the_wait_is_at_most_a_minute(self):
        job = await sync_to_async(completed_job)()
        assert (await answer(poll(job, prefer="wait=9999"))).headers["preference-applied"] == "wait=60"

    async def test_a_finished_job_is_answered_at_once(self):
        job = await sync_to_async(completed_job)()
        assert (await answer(poll(job, prefer="wait=30"))).status == 200

    async def test_a_client_that_is_behind_is_answered_at_once(self):
        job = await sync_to_async(make_job)(State.RUNNING, revision=5)
        held = await answer(poll(job, prefer="wait=30", if_none_match='"4"'))
        assert held.status == 202

    async def test_a_client_that_is_up_to_date_waits_and_gets_304(self):
        job = await sync_to_async(make_job)(State.RUNNING, revision=5)
        held = await answer(poll(job, prefer="wait=1", if_none_match='"5"'))
        assert (held.status, held.body) == (304, b"")
        assert held.waited >= 1

    async def test_nobody_waits_for_what_is_not_theirs(self):
        ann = await get_user_model().objects.acreate(username="ann")
        job = await sync_to_async(make_job)(owner=ann)
        assert (await answer(poll(job, prefer="wait=30"))).status == 404
