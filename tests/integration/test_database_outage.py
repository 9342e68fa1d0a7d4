"""A database that is away costs a client a wait, and a worker nothing."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator
from django.db import connection, connections
from django.test import Client

from compressor import database
from compressor.asgi import application
from jobs import encoding, lease, lifecycle, queue, tasks, unreachable
from jobs.encoding import Progress
from jobs.lease import Lease
from jobs.models import Job
from jobs.states import State
from tests.builders import make_job, make_plan, outcome_at, result_of, video
from tests.integration.outage import Outage
from tests.product.stack import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def lease_of(job):
    return Lease(lambda progress: lifecycle.report(job, progress))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(lease, "BEAT", 0.05)
    monkeypatch.setattr(unreachable, "PAUSE", 0.05)


@pytest.fixture
def running():
    """A job that this test's worker has begun."""
    return lifecycle.start(make_job(with_source=True).id, 1, worker="w")


REQUESTS = {
    "a poll": lambda client, job: client.get(f"/jobs/{job.id}"),
    "a poll with a token": lambda client, job: client.get(f"/jobs/{job.id}", headers={"Authorization": "Bearer abc"}),
    "a cancel": lambda client, job: client.delete(f"/jobs/{job.id}"),
    "a submission": lambda client, job: client.post("/jobs", {"file": video(), "client_job_id": str(job.id)}),
    "an upload": lambda client, job: client.head(f"/uploads/{job.id}", headers={"Tus-Resumable": "1.0.0"}),
    "metrics": lambda client, job: client.get("/metrics"),
}


@pytest.mark.parametrize("request_of", REQUESTS)
def test_a_request_is_told_to_come_back(request_of):
    job, client = make_job(), Client(raise_request_exception=False)
    with Outage():
        answer = REQUESTS[request_of](client, job)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    if answer.content:
        assert (answer.json()["code"], answer.json()["retryable"]) == ("unavailable", True)


def test_a_person_is_told_on_a_page():
    client = Client(raise_request_exception=False, headers={"Accept": "text/html"})
    with Outage():
        answer = client.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The server cannot do this just now" in answer.content.decode()


def test_readiness_names_it(client):
    with Outage():
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_a_socket_is_closed_with_try_again_later():
    job = make_job()

    async def watch():
        socket = WebsocketCommunicator(application, f"/ws/jobs/{job.id}", headers=[(b"cookie", b"sessionid=abc")])
        accepted, _ = await socket.connect()
        return accepted, await socket.receive_output(5)

    with Outage():
        accepted, closed = async_to_sync(watch)()
    assert (accepted, closed["type"], closed["code"]) == (True, "websocket.close", 1013)


def test_a_worker_goes_on_and_reports_again_when_it_is_back(running):
    with lease_of(running) as held:
        with Outage():
            held.tell(Progress("encode", 0.4))
            time.sleep(0.3)
            assert held.tell(Progress("encode", 0.5))
        eventually(lambda: (Job.objects.get().progress or {}).get("fraction") == 0.5)
        assert held.tell(Progress("encode", 0.6))


def test_a_worker_hears_of_a_cancel_while_it_works(running):
    with lease_of(running) as held:
        assert held.tell(Progress("encode", 0.4))
        lifecycle.cancel(running)
        eventually(lambda: not held.tell(Progress("encode", 0.5)))


def test_the_heart_beats_while_the_work_is_silent(running):
    lifecycle.suspect()
    Job.objects.update(suspected_at=running.heartbeat_at)
    with lease_of(running):
        eventually(lambda: Job.objects.filter(suspected_at=None, heartbeat_at__gt=running.heartbeat_at).exists())


def test_a_defect_of_ours_does_not_stop_the_heart(running, monkeypatch):
    report, defects = lifecycle.report, iter([KeyError("a defect of ours")])

    def stumble(*args):
        for defect in defects:
            raise defect
        return report(*args)

    monkeypatch.setattr(lifecycle, "report", stumble)
    with lease_of(running):
        eventually(lambda: Job.objects.filter(heartbeat_at__gt=running.heartbeat_at).exists())
    assert next(defects, None) is None


def work_through(monkeypatch, at_the_end):
    """One attempt whose encoder makes a result, and then meets `at_the_end`."""

    def compress(args, workdir, report):
        outcome = outcome_at(workdir / "result")
        at_the_end()
        return outcome

    monkeypatch.setattr(encoding, "inspect", lambda *_: make_plan(0).media)
    monkeypatch.setattr(encoding, "prepare", compress)
    make_job(with_source=True)
    tasks.take_turn()
    return Job.objects.get()


def test_a_finished_result_is_kept_until_its_row_can_be_written(monkeypatch):
    outage = Outage()

    def away():
        outage.begin()
        outage.end_in(0.5)

    job = work_through(monkeypatch, away)
    assert (job.state, job.attempt) == (State.COMPLETED, 1)
    assert result_of(job).read_bytes() == b"small"


def test_a_failure_is_told_as_soon_as_its_row_can_be_written(monkeypatch):
    outage = Outage()

    def away():
        outage.begin()
        outage.end_in(0.5)
        raise KeyError("a defect of ours")

    assert work_through(monkeypatch, away).error_code == "internal_failure"


def test_a_worker_that_must_end_waits_for_nothing(monkeypatch):
    outage = Outage()

    def away():
        outage.begin()
        monkeypatch.setattr(queue, "_shutdown_requested", True)

    with pytest.raises(unreachable.DatabaseUnreachable):
        work_through(monkeypatch, away)
    outage.end()


def test_a_commit_of_which_the_worker_never_heard_keeps_its_result(running, tmp_path):
    outcome = outcome_at(tmp_path / "out")
    result = lifecycle.publish(running, outcome)
    assert lifecycle.complete(running, outcome, result)
    assert lifecycle.complete(running, outcome, result).state == State.COMPLETED
    assert result_of(running).read_bytes() == b"small"


@pytest.fixture
def shared(monkeypatch):
    """Three connections for all, as the web process has its twenty."""
    for name, now in (("OPTIONS", dict(connection.settings_dict["OPTIONS"])), ("CONN_MAX_AGE", 0)):
        monkeypatch.setitem(connection.settings_dict, name, now)
    connection.close()
    monkeypatch.setitem(database.POOL, "timeout", 60)  # on a busy machine a turn may be long in coming
    database.share_connections(connection.settings_dict, most=3)
    yield
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def test_many_polls_at_once_take_turns_with_a_few_connections(shared):
    job = make_job()
    connection.close()

    def poll(_):
        try:
            return Client().get(f"/jobs/{job.id}").status_code
        finally:
            connections.close_all()  # as at the end of each request; Django's test client leaves that out

    with ThreadPoolExecutor(12) as crowd:
        assert set(crowd.map(poll, range(24))) == {202}
    if connection.vendor == "postgresql":
        assert connection.pool.get_stats()["pool_size"] <= 3
