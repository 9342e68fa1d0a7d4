"""Redis may be away, silent or emptied: jobs that run go on, and those who count workers count them again."""

import time

import pytest
from django.conf import settings

from compressor import redis as redis_server
from jobs import queue
from jobs.worker import PatientWorker

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(redis):
    connection = queue.connect()
    worker = PatientWorker([queue.the_queue(connection)], connection=connection)
    worker.register_birth()
    return worker


@pytest.fixture
def away(worker):
    """Redis cannot be reached, for as long as the test lasts."""
    path = redis_server.socket_path(settings.DATA_DIR)
    hidden = path.with_suffix(".hidden")
    path.rename(hidden)
    worker.connection.connection_pool.disconnect()
    yield
    hidden.rename(path)


def begun(worker):
    """What RQ holds of a turn that was taken: its entry and its execution."""
    queue.offer(1)
    (entry,) = worker.queues[0].get_jobs()
    return entry, worker.prepare_execution(entry)


def test_a_worker_whose_redis_was_emptied_counts_again_after_its_next_beat(worker, redis):
    assert queue.live_workers() == 1
    redis.flushall()
    assert queue.live_workers() == 0
    worker.heartbeat()
    assert queue.live_workers() == 1


def test_a_busy_worker_whose_redis_was_emptied_counts_again_too(worker, redis):
    running = begun(worker)
    redis.flushall()
    worker.maintain_heartbeats(*running)
    assert queue.live_workers() == 1


def test_a_worker_is_not_ended_by_a_beat_that_redis_does_not_take(worker, request):
    running = begun(worker)
    request.getfixturevalue("away")
    worker.maintain_heartbeats(*running)


def test_who_gives_up_on_redis_gives_up_soon(away):
    began = time.monotonic()
    assert queue.offer(1) == 0
    assert time.monotonic() - began < 3


def test_a_worker_that_cannot_say_goodbye_ends_all_the_same(worker, away):
    worker.teardown()
