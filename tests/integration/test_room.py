"""The disk is never filled: what is announced counts as taken, and what is left suffices to end things."""

import contextlib
import errno
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from jobs import attempt, lifecycle, tasks
from jobs.encoding import PAUSED, Progress
from jobs.lease import Lease
from jobs.management.commands.sweep import _sweep_once
from jobs.models import Job
from jobs.states import State
from jobs.storage import reserve, storage
from jobs.storage.room import ASK_EVERY
from jobs.sweep import sweep
from tests.builders import completed_job, failed_job, has_source, home_of, make_job, result_of, video

pytestmark = pytest.mark.django_db


def announce(client, size):
    return client.post("/jobs", {"filename": "a.mp4", "size": size}, content_type="application/json")


@pytest.fixture
def free(monkeypatch, settings):
    """The disk has as many bytes as are put into `free["bytes"]`."""
    settings.MIN_FREE_BYTES = 100
    free = {"bytes": 1000}
    monkeypatch.setattr(storage, "free_bytes", lambda: free["bytes"])
    return free


@pytest.fixture
def reserved(settings):
    settings.MIN_FREE_BYTES = 0
    reserve.tend()
    yield settings.DATA_DIR / "reserve"
    reserve.give_up()


@contextlib.contextmanager
def full_disk(until):
    """The database refuses every UPDATE in SQLite's words, until there is room."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and not until():
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def test_bytes_that_are_announced_and_not_here_yet_count_as_taken(client, free):
    assert [announce(client, 300).status_code for _ in range(3)] == [202, 202, 503]
    assert announce(client, 300)["Retry-After"] == "30"


def test_bytes_that_came_are_not_counted_twice(client, free):
    announce(client, 300)
    Job.objects.update(received_bytes=300)
    free["bytes"] -= 300
    assert [announce(client, 300).status_code for _ in range(2)] == [202, 503]


def test_a_form_on_its_way_counts_as_well(client, free, settings):
    on_its_way = settings.FILE_UPLOAD_TEMP_DIR / "600-abc.upload"
    on_its_way.write_bytes(b"x" * 100)
    assert announce(client, 250).status_code == 503
    on_its_way.unlink()
    assert announce(client, 250).status_code == 202


def test_room_is_left_for_what_the_workers_will_make(client, free, settings):
    make_job(size=400)
    assert announce(client, 500).status_code == 503
    assert announce(client, 450).status_code == 202
    settings.WORKERS = 2
    assert announce(client, 1).status_code == 503


def test_a_disk_that_fills_while_a_form_comes_in_is_told_and_nothing_of_it_stays(client, free, settings):
    free["bytes"] = 10**9
    answers = iter([True])
    settings.MIN_FREE_BYTES = 0
    storage_has_room, storage.has_room = storage.has_room, lambda: next(answers, False)
    try:
        answer = client.post("/jobs", {"file": video(content=bytes(3 * ASK_EVERY))})
    finally:
        storage.has_room = storage_has_room
    assert (answer.status_code, answer.json()["code"]) == (503, "no_room")
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []
    assert not Job.objects.exists()


def test_a_form_that_is_the_same_again_is_answered_though_the_queue_is_full(client, settings):
    key = {"headers": {"Idempotency-Key": "2a37b5cf-6b1a-4d53-8f1e-1b4ab2c47f55"}}
    first = client.post("/jobs", {"file": video()}, **key)
    settings.MAX_QUEUED = 1
    again = client.post("/jobs", {"file": video()}, **key)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert client.post("/jobs", {"file": video()}).status_code == 429


def test_a_file_for_a_page_that_takes_none_is_not_kept(client, settings, django_user_model):
    django_user_model.objects.create_user("ann", password="secret")
    sent = {"username": "ann", "password": "secret", "file": video(content=bytes(10**6))}
    assert client.post("/accounts/login/", sent).status_code == 302
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


def test_what_a_killed_process_left_of_a_form_goes_and_what_is_coming_in_stays(settings, monkeypatch):
    monkeypatch.setattr("jobs.storage.files.UNLOCKED_SECONDS", -1)
    left = settings.FILE_UPLOAD_TEMP_DIR / "100-left.upload"
    left.write_bytes(b"half")
    from jobs.storage.upload_handler import SourceUpload

    coming = SourceUpload("a.mp4", "video/mp4", 100, None, None)
    sweep()
    assert not left.exists()
    assert [entry.name for entry in settings.FILE_UPLOAD_TEMP_DIR.iterdir()] == [coming.file.name.rpartition("/")[2]]
    coming.close()


@pytest.mark.parametrize(
    ("build", "state"),
    [
        (lambda: make_job(with_source=True), State.CANCELED),
        (lambda: make_job(State.UPLOADING, with_source=True), State.CANCELED),
        (completed_job, State.EXPIRED),
        (failed_job, State.FAILED),
    ],
)
def test_on_a_full_disk_a_job_is_deleted_all_the_same_files_first(client, build, state):
    job = build()
    with full_disk(until=lambda: not home_of(job).exists()):
        assert client.delete(f"/jobs/{job.id}").status_code == 204
    job.refresh_from_db()
    assert job.state == state
    assert job.files_deleted_at
    assert not home_of(job).exists()


def test_on_a_full_disk_the_reserve_makes_room_to_write_how_a_job_ended(reserved, monkeypatch):
    from jobs import encoding, errors

    def inspect(source, tick, nice, part=None):
        raise errors.OutOfRoom

    monkeypatch.setattr(encoding, "inspect", inspect)
    job = make_job(with_source=True)
    with full_disk(until=lambda: not reserved.exists()):
        tasks.take_turn()
    job.refresh_from_db()
    assert (job.state, job.error_code, job.attempt) == (State.FAILED, "out_of_room", 1)
    assert has_source(job)


def test_files_are_not_touched_where_something_else_than_room_is_wrong(client, monkeypatch):
    job = completed_job()

    def refuse(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        lifecycle.expire(job)
    assert result_of(job).exists()


def test_what_was_given_up_is_owed_until_the_sweep_makes_it_again(reserved):
    before = storage.free_bytes()
    assert reserve.give_up()
    assert storage.free_bytes() - before < reserve.SIZE // 2  # nothing of it may be used meanwhile
    assert sweep()["reserve"] == 1
    assert reserved.stat().st_size == reserve.SIZE


def test_the_sweep_gives_the_reserve_up_when_next_to_nothing_is_left(reserved, monkeypatch):
    monkeypatch.setattr(reserve, "NEXT_TO_NOTHING", 2**63)
    assert sweep()["reserve"] == 1
    assert not reserved.exists()


def test_a_disk_without_room_is_told_to_monitoring(redis, client, free):
    free["bytes"] = 99
    assert client.get("/readyz").json()["storage"] == "full"


def test_time_for_which_the_disk_was_full_does_not_count_as_work(monkeypatch, settings):
    from jobs import errors, queue

    now = {"seconds": 0.0}
    monkeypatch.setattr(attempt.time, "monotonic", lambda: now["seconds"])
    settings.JOB_TIMEOUT = 1000
    report = attempt.reporter(Lease(lambda progress: True))

    def after(seconds, phase):
        now["seconds"] += seconds
        return report(Progress(phase))

    assert after(600, "encode")
    assert after(300, PAUSED)
    with pytest.raises(queue.Shutdown):  # RQ ends an entry at about this time: another attempt goes on
        after(200, "encode")
    with pytest.raises(errors.TookTooLong):
        after(300, "encode")


def test_it_starts_on_a_disk_that_others_filled(reserved, monkeypatch):
    monkeypatch.setattr(reserve.shutil, "disk_usage", lambda _: SimpleNamespace(free=0, total=10**9))
    call_command("prepare", verbosity=0)
    assert not reserved.exists()


def refuse_once(monkeypatch, method, name):
    """The disk is full when a path of this name is written or made, until the reserve is given up."""
    really = getattr(Path, method)

    def refuse(path, *args, **kwargs):
        if name in path.name and reserve._path().exists() == (name != "reserve"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return really(path, *args, **kwargs)

    monkeypatch.setattr(Path, method, refuse)


def test_the_sweep_goes_on_where_others_take_the_room_for_the_reserve(reserved, monkeypatch):
    reserve.give_up()
    refuse_once(monkeypatch, "write_bytes", "reserve")
    assert sweep()["reserve"] == 0
    assert [path.name for path in reserved.parent.glob("reserve*")] == []


@pytest.mark.parametrize("name", ["attempt", "staging"])
def test_on_a_full_disk_the_reserve_makes_room_for_directories(reserved, monkeypatch, tmp_path, name):
    refuse_once(monkeypatch, "mkdir", name)
    job = make_job(with_source=True)
    with storage.scratch(job.id, 1) as workdir:
        (workdir / "result").write_bytes(b"small")
        storage.publish(job.id, 1, {"result": workdir / "result"})
    assert result_of(job).read_bytes() == b"small"
    assert not reserved.exists()


def test_a_database_that_cannot_be_opened_for_want_of_room_is_given_the_reserve(reserved, monkeypatch):
    def refuse():
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(reserve.shutil, "disk_usage", lambda _: SimpleNamespace(free=0, total=10**9))
    monkeypatch.setattr(lifecycle, "clear_suspicions", refuse)
    assert not _sweep_once(after_outage=True)
    assert not reserved.exists()
