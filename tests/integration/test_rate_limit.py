"""Requests a minute: who asks too often is told when to come back, and nobody else is."""

import asyncio

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth import get_user_model
from django.test import Client

from compressor.asgi import application
from jobs import errors, rate_limit
from jobs.models import Job, Owner
from jobs.tokens import ApiToken
from tests.builders import make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis")]

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def _three_a_minute(settings):
    settings.MAX_REQUESTS_PER_MINUTE = 3
    rate_limit.forget()
    yield
    rate_limit.forget()


def statuses(client, times, address="/recipes"):
    return [client.get(address).status_code for _ in range(times)]


def test_who_asks_too_often_is_told_in_words_when_to_come_back():
    client = Client(REMOTE_ADDR=HERE)
    assert statuses(client, 4) == [200, 200, 200, 429]
    refused = client.get("/recipes")
    assert (refused["Content-Type"], refused.json()["code"]) == ("application/problem+json", "too_many_requests")
    assert refused.json()["retryable"] is True
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert statuses(Client(REMOTE_ADDR=ELSEWHERE), 3) == [200] * 3


def test_a_person_is_told_so_on_a_page():
    client = Client(REMOTE_ADDR=HERE, headers={"Accept": "text/html"})
    statuses(client, 3)
    assert "Too many requests in too short a time" in client.get("/").content.decode()


def test_nothing_is_done_for_a_request_that_is_refused():
    client = Client(REMOTE_ADDR=HERE)
    statuses(client, 3)
    body = {"filename": "film.mp4", "size": 1}
    assert client.post("/jobs", body, content_type="application/json").status_code == 429
    assert not Job.objects.exists()


def test_a_user_is_one_whatever_the_address_and_the_token():
    user = get_user_model().objects.create_user("ann")
    clients = []
    for number, address in enumerate([HERE, ELSEWHERE]):
        secret = ApiToken.new_secret()
        ApiToken.objects.create(user=user, name=str(number), digest=ApiToken.digest_of(secret))
        clients.append(Client(REMOTE_ADDR=address, headers={"Authorization": f"Bearer {secret}"}))
    assert statuses(clients[0], 2) == [200] * 2
    assert statuses(clients[1], 2) == [200, 429]
    assert statuses(Client(REMOTE_ADDR=HERE), 3) == [200] * 3


def test_who_asks_whether_the_process_lives_is_always_told():
    assert statuses(Client(REMOTE_ADDR=HERE), 5, "/healthz") == [200] * 5


def test_many_requests_are_told_to_redis_a_few_at_once_and_still_add_up(settings):
    settings.MAX_REQUESTS_PER_MINUTE = 1200
    for _ in range(1200):
        rate_limit.count(Owner(network="somewhere"))
    for _ in range(2):
        with pytest.raises(errors.TooManyRequests):
            for _ in range(1200 // rate_limit.STEPS):
                rate_limit.count(Owner(network="somewhere"))


def test_it_can_be_turned_off(settings):
    settings.MAX_REQUESTS_PER_MINUTE = 0
    assert statuses(Client(REMOTE_ADDR=HERE), 5) == [200] * 5


def test_without_redis_nobody_is_shut_out(settings, monkeypatch):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    rate_limit._limiter.cache_clear()
    monkeypatch.setattr(rate_limit, "_asked_again_at", 0.0)
    try:
        assert statuses(Client(REMOTE_ADDR=HERE), 5) == [200] * 5
    finally:
        rate_limit._limiter.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_socket_counts_as_a_request_and_is_told_so():
    job = make_job()

    async def open_them():
        for _ in range(4):
            socket = WebsocketCommunicator(application, f"/ws/jobs/{job.id}")
            await socket.connect()
            yield await socket.receive_output()
            await socket.disconnect()

    async def outputs():
        return [output async for output in open_them()]

    told = asyncio.run(outputs())
    assert [output["type"] for output in told] == ["websocket.send"] * 3 + ["websocket.close"]
    assert told[-1]["code"] == 4429
