"""The sweep puts right what crashes left behind; doing it twice is harmless."""

import hashlib
import os
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_rq import get_queue
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from jobs import lifecycle, queue
from jobs.management.commands.sweep import _sweep_once
from jobs.models import Job
from jobs.states import State
from jobs.storage import storage
from jobs.sweep import CUT_OFF, sweep
from tests.builders import VIDEO, completed_job, has_source, home_of, make_job, result_of

pytestmark = pytest.mark.django_db


def ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


def test_a_result_expires_and_leaves_a_tombstone(client):
    job = completed_job(expires_at=ago(1), client_job_id="film-1")
    assert sweep()["expire"] == 1
    assert Job.objects.get().state == State.EXPIRED
    assert not result_of(job).exists()
    answer = client.get(f"/jobs/{job.id}/result")
    assert (answer.status_code, answer.json()["code"]) == (410, "job_expired")


def test_a_result_is_kept_until_then(client):
    job = completed_job()
    assert sweep()["expire"] == 0
    assert client.get(f"/jobs/{job.id}/result").status_code == 200


def test_a_tombstone_is_purged_when_nobody_can_come_back_for_it(settings):
    make_job(State.EXPIRED, expires_at=ago(settings.TOMBSTONE_RETENTION + 1))
    make_job(State.CANCELED, expires_at=ago(settings.TOMBSTONE_RETENTION + 1))
    make_job(State.FAILED, expires_at=ago(settings.TOMBSTONE_RETENTION - 60))
    assert sweep()["purge"] == 2
    assert [job.state for job in Job.objects.all()] == [State.FAILED]


def test_a_running_job_whose_worker_fell_silent_is_queued_again(settings):
    make_job(State.RUNNING, heartbeat_at=ago(settings.JOB_LEASE + 1))
    first = sweep()
    assert (first["suspect"], first["rescue"]) == (1, 0)  # it may only have been kept from speaking
    Job.objects.update(suspected_at=ago(settings.JOB_LEASE))
    assert sweep()["rescue"] == 1
    job = Job.objects.get()
    assert (job.state, job.attempt, job.losses) == (State.QUEUED, 2, 1)


def test_a_worker_that_speaks_up_in_time_is_not_suspected_any_more(settings):
    job = make_job(State.RUNNING, heartbeat_at=ago(settings.JOB_LEASE + 1))
    sweep()
    Job.objects.update(suspected_at=ago(settings.JOB_LEASE))
    assert lifecycle.report(job, None)
    assert sweep()["rescue"] == 0


def test_silence_during_an_outage_of_the_database_proves_nothing(settings):
    make_job(State.RUNNING, heartbeat_at=ago(settings.JOB_LEASE + 1), suspected_at=ago(settings.JOB_LEASE))
    assert _sweep_once(after_outage=True)
    assert Job.objects.get().state == State.RUNNING
    Job.objects.update(suspected_at=ago(settings.JOB_LEASE))
    assert _sweep_once(after_outage=False)
    assert Job.objects.get().state == State.QUEUED


@pytest.mark.parametrize("seconds", [45, -45])
def test_a_sweep_whose_clock_is_wrong_takes_no_job_from_a_healthy_worker(monkeypatch, seconds):
    job = lifecycle.start(make_job().id, 1, worker="w")
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(seconds=seconds))
    assert (sweep()["suspect"], sweep()["rescue"]) == (0, 0)
    assert lifecycle.report(job, None)


def test_a_running_job_with_a_pulse_is_left_alone(settings):
    make_job(State.RUNNING, heartbeat_at=ago(settings.JOB_LEASE - 2))
    assert sweep()["rescue"] == 0


def test_what_waits_is_called_for_in_redis_and_once(redis):
    make_job()
    assert sweep()["enqueue"] == 1
    assert queue.length() == 1
    assert sweep()["enqueue"] == 0


def test_emptying_redis_loses_nothing(redis):
    make_job()
    sweep()
    redis.flushall()
    assert queue.length() == 0
    sweep()
    assert queue.length() == 1


def test_the_queue_stays_short_whatever_waits(redis):
    for _ in range(30):
        make_job()
    sweep()
    assert queue.length() == queue.ENTRIES_EACH


def test_an_upload_to_which_nothing_comes_is_given_up(settings):
    silent_since = ago(settings.UPLOAD_RETENTION + 1)
    job = make_job(State.UPLOADING, with_source=True, size=10**6, heartbeat_at=silent_since)
    assert sweep()["abandon"] == 1
    assert Job.objects.get().error_code == "upload_abandoned"
    assert not has_source(job)


def test_an_upload_whose_server_died_after_the_last_byte_is_queued():
    job = make_job(State.UPLOADING, with_source=True, heartbeat_at=ago(10))
    assert sweep()["finish"] == 1
    queued = Job.objects.get()
    assert (queued.state, queued.sha256) == (State.QUEUED, hashlib.sha256(VIDEO).hexdigest())
    assert queued.received_bytes == job.size


def test_a_whole_upload_that_a_server_still_holds_is_left_to_it():
    job = make_job(State.UPLOADING, with_source=True, heartbeat_at=ago(10))
    with storage.append(job.id):
        assert sweep()["finish"] == 0
    assert Job.objects.get().state == State.UPLOADING


def test_files_without_a_row_are_deleted_once_they_are_old():
    job = make_job(with_source=True)
    kept = make_job(with_source=True)
    Job.objects.filter(pk=job.pk).delete()
    for each in (job, kept):
        home = home_of(each)
        os.utime(home, (time.time() - CUT_OFF - 1,) * 2)
    assert sweep()["tidy"] == 1
    assert not has_source(job)
    assert has_source(kept)


def test_a_round_asks_the_database_no_more_often_where_more_is_kept():
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            sweep()
        return len(asked)

    def keep(count: int) -> None:
        for _ in range(count):
            os.utime(home_of(completed_job()), (time.time() - CUT_OFF - 1,) * 2)

    keep(2)
    few = queries()
    keep(30)
    assert queries() == few


def test_the_source_of_a_failed_job_is_kept_for_a_retry_until_its_retention_ends():
    kept = make_job(State.FAILED, with_source=True, expires_at=timezone.now() + timedelta(hours=1))
    over = make_job(State.FAILED, with_source=True, expires_at=ago(1))
    for job in (kept, over):
        os.utime(home_of(job), (time.time() - CUT_OFF - 1,) * 2)
    sweep()
    assert has_source(kept)
    assert not has_source(over)


def test_an_upload_that_was_cut_off_leaves_no_file(settings):
    cut_off = settings.FILE_UPLOAD_TEMP_DIR / "half.upload"
    cut_off.write_bytes(b"half")
    os.utime(cut_off, (time.time() - CUT_OFF - 1,) * 2)
    sweep()
    assert not cut_off.exists()


@pytest.mark.parametrize("serializer", [None, JSONSerializer])
def test_an_entry_of_an_older_version_does_no_harm_and_its_job_runs(redis, monkeypatch, serializer):
    """The worker puts it away, and the sweep calls for the job anew."""
    began = []
    monkeypatch.setattr("jobs.tasks.take_turn", lambda: began.append(True))
    job = make_job()
    old = Queue("encode", connection=redis, serializer=serializer)  # RQ's default: pickle
    old.enqueue_call("jobs.tasks.compress", args=(str(job.id), 1), job_id=f"{job.id}-1")
    worker = SimpleWorker([get_queue("encode")], connection=redis, serializer=JSONSerializer)
    worker.work(burst=True)
    assert began == []
    assert sweep()["enqueue"] == 1
    worker.work(burst=True)
    assert began == [True]
