"""Redis may be away, silent or emptied: jobs that run go on, and those who count workers count them again."""

import logging
import os
import socketserver
import subprocess
import sys
import threading
import time

import psutil
import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import ConnectionError
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from compressor import redis as redis_server
from jobs import lifecycle, queue
from jobs.states import State
from jobs.unreachable import RedisUnreachable
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


@pytest.fixture
def frozen(redis):
    """Redis takes connections and says nothing, for as long as the test lasts."""
    process = psutil.Process(redis.info("server")["process_id"])
    process.suspend()
    yield
    process.resume()


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


def test_readyz_waits_once_for_a_redis_that_is_silent(frozen, client, monkeypatch):
    """It waited for each thing that it asks, and for each of them twice."""
    monkeypatch.setattr("jobs.queue.live_workers", lambda: pytest.fail("asked once more"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["redis"], answer.json()["workers"]) == (503, "unreachable", "unknown")


def test_a_redis_that_is_silent_is_not_asked_again(monkeypatch, tmp_path):
    asked = []

    class Silent(socketserver.BaseRequestHandler):
        def handle(self):
            asked.append(self.request.recv(1000))
            self.request.recv(1000)  # until who asked gives up

    with socketserver.ThreadingUnixStreamServer(str(tmp_path / "sock"), Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr("jobs.queue.get_connection", lambda name: Redis(unix_socket_path=str(tmp_path / "sock")))
        with pytest.raises(RedisUnreachable):
            queue.ping()
        server.shutdown()
    assert len(asked) == 1


def test_whoever_signs_in_does_not_wait_for_a_redis_that_is_silent(frozen, client, caplog):
    assert client.post("/accounts/login/", {"username": "ann", "password": "wrong"}).status_code == 200
    assert "attempts to sign in are not limited" in caplog.text


def test_a_worker_that_cannot_say_goodbye_ends_all_the_same(worker, away):
    worker.teardown()


def test_a_worker_finds_within_seconds_that_redis_is_back_however_long_it_was_away(worker, monkeypatch):
    waits = []

    def away_for_long(*_, **__):
        if len(waits) < 20:
            raise ConnectionError

    monkeypatch.setattr(worker.queue_class, "dequeue_any", away_for_long)
    monkeypatch.setattr("time.sleep", waits.append)
    worker.dequeue_job_and_maintain_ttl(1)
    assert max(waits) <= 5


class WorkerHere(SimpleWorker, PatientWorker):
    """Does the work in this process."""


def work_off(monkeypatch, meanwhile):
    """One job whose work is this."""
    job = make_job()
    queue.offer(1)
    monkeypatch.setattr("jobs.tasks.take_turn", lambda: meanwhile(job) and None)
    connection = queue.connect()
    WorkerHere([queue.the_queue(connection)], connection=connection, serializer=JSONSerializer).work(burst=True)
    return job


def test_a_job_that_is_canceled_while_it_runs_is_nothing_to_complain_of(redis, monkeypatch, caplog):
    job = work_off(monkeypatch, lifecycle.cancel)
    job.refresh_from_db()
    assert job.state == State.CANCELED
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_queue_that_is_emptied_while_a_job_runs_costs_one_line_of_the_log(redis, monkeypatch, caplog):
    work_off(monkeypatch, lambda job: redis.flushall())
    complaints = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert ["could not be noted in Redis" in record.getMessage() for record in complaints] == [True]


def test_what_a_worker_waits_for_at_its_start_is_said_after_seconds(away, tmp_path):
    environment = {**os.environ, "DATA_DIR": str(settings.DATA_DIR), "DJANGO_SETTINGS_MODULE": "compressor.settings"}
    script = "import django; django.setup(); from jobs import worker; worker.PATIENCE = 0.1; worker.work()"
    command = [sys.executable, "-c", script]
    with (tmp_path / "log").open("w+") as log, subprocess.Popen(command, env=environment, stderr=log) as waiting:
        eventually(lambda: "takes no jobs: Redis is unreachable" in (tmp_path / "log").read_text())
        waiting.kill()
