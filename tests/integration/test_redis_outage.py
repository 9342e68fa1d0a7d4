"""Redis may be away, silent or emptied: jobs that run go on, and those who count workers count them again."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings

from compressor import redis as redis_server
from jobs import lifecycle, queue
from jobs.models import Job
from jobs.sweep import sweep
from jobs.worker import PatientWorker
from tests.builders import make_job
from tests.product.stack import eventually

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
    """What RQ holds of a job that runs: its entry and its execution."""
    job = make_job()
    queue.enqueue(job.id, job.attempt)
    entry = worker.queues[0].fetch_job(f"{job.id}-{job.attempt}")
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
    assert queue.enqueue(make_job().id, 1) is False
    assert time.monotonic() - began < 3


def test_a_worker_that_cannot_say_goodbye_ends_all_the_same(worker, away):
    worker.teardown()


def test_a_job_that_was_handed_back_goes_before_those_that_wait(redis, django_capture_on_commit_callbacks):
    first, second = make_job(), make_job()
    running = lifecycle.start(first.id, 1, worker="w")
    queue.enqueue(second.id, 1)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.hand_back(running)
    assert queue.the_queue().get_job_ids() == [f"{first.id}-2", f"{second.id}-1"]
    assert [job.id for job in Job.objects.queued()] == [first.id, second.id]
    assert Job.objects.with_position().get(pk=first.id).position == 1


def test_a_job_whose_worker_was_lost_goes_before_those_that_wait(redis, django_capture_on_commit_callbacks):
    first, second = make_job(), make_job()
    lifecycle.start(first.id, 1, worker="w")
    queue.enqueue(second.id, 1)
    Job.objects.filter(pk=first.id).update(suspected_at=first.queued_at)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.rescue(Job.objects.get(pk=first.id))
    assert queue.the_queue().get_job_ids() == [f"{first.id}-2", f"{second.id}-1"]


def test_the_queue_is_restored_in_the_order_of_the_rows(redis, settings):
    jobs = [make_job() for _ in range(5)]
    queue.enqueue(jobs[2].id, 1)
    for number, job in enumerate(jobs):
        Job.objects.filter(pk=job.pk).update(queued_at=job.queued_at.replace(year=2020, microsecond=number))
    assert sweep()["enqueue"] == 4
    restored = queue.the_queue().get_job_ids()
    assert restored[:3] == [f"{job.id}-1" for job in jobs[:3]]
    assert set(restored[3:]) == {f"{job.id}-1" for job in jobs[3:]}


def test_what_a_worker_waits_for_at_its_start_is_said_after_seconds(away, tmp_path):
    environment = {**os.environ, "DATA_DIR": str(settings.DATA_DIR), "DJANGO_SETTINGS_MODULE": "compressor.settings"}
    script = "import django; django.setup(); from jobs import worker; worker.PATIENCE = 0.1; worker.work()"
    command = [sys.executable, "-c", script]
    with (tmp_path / "log").open("w+") as log, subprocess.Popen(command, env=environment, stderr=log) as waiting:
        eventually(lambda: "takes no jobs: Redis is unreachable" in (tmp_path / "log").read_text())
        waiting.kill()
