"""Known before it starts: `POST /estimates` says how small and how soon, by what this server's jobs have shown."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import estimates, lifecycle, schedule
from jobs.encoding import MediaInfo, parse_options
from jobs.models import Experience, Installation, Job
from jobs.states import State
from tests.builders import NO_PICTURES, completed_job, make_job, outcome_at

pytestmark = pytest.mark.django_db
MINUTE = {"size": 120_000_000, "duration": 60.0, "width": 1920, "height": 1080}
MEDIA = MediaInfo("mov,mp4", 120_000_000, 60.0, 1920, 1080, 0, 30.0, 1800, "h264", "yuv420p")


@pytest.fixture(autouse=True)
def one_worker(monkeypatch):
    monkeypatch.setattr(schedule, "live_workers", lambda: 1)


def ask(client, **fields):
    return client.post("/estimates", fields, content_type="application/json")


def finished(took=90.0, size=40_000_000, **fields) -> Job:
    """A job of the minute above that was completed as the row says."""
    now = timezone.now()
    result = {"size": size, "extension": "mp4", "content_type": "video/mp4", "pictures": NO_PICTURES}
    times = {"started_at": now - timedelta(seconds=took), "finished_at": now}
    return completed_job(size=MINUTE["size"], source=MEDIA.as_dict(), **{**times, "result": result, **fields})


def test_a_video_is_told_what_will_come_of_it(client):
    said = ask(client, **MINUTE, recipe="balanced").json()
    assert 0 < said["bytes"][0] < said["bytes"][1] <= MINUTE["size"]
    assert 0 < said["seconds"][0] < said["seconds"][1]
    assert (said["wait_seconds"], said["from_jobs"], said["is_probably_small"]) == (0, 0, False)
    assert len(said["videos"]) == 1


def test_nothing_is_kept(client):
    ask(client, **MINUTE)
    assert not Job.objects.exists()
    assert not Experience.objects.exists()


def test_many_are_told_each_for_itself_and_all_together(client):
    said = ask(client, videos=[MINUTE, MINUTE, {**MINUTE, "size": 1_000_000}]).json()
    assert said["bytes"][1] == sum(video["bytes"][1] for video in said["videos"])
    assert [video["is_probably_small"] for video in said["videos"]] == [False, False, True]


def test_what_cannot_be_known_is_null_with_a_reason(client):
    said = ask(client, videos=[MINUTE, {"size": 5}]).json()
    assert said["videos"][0]["bytes"]
    for unknown in (said["videos"][1], said):
        assert (unknown["bytes"], unknown["seconds"], unknown["reason"]) == (None, None, "no_duration")
        assert "not known" in unknown["detail"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "size"),
        ({"size": 0}, "size"),
        ({"size": True}, "size"),
        ({"size": 5, "duration": "long"}, "duration"),
        ({"size": 5, "duration": float("nan")}, "duration"),
        ({"size": 5, "width": 1.5}, "width"),
        ({"size": 5, "recipe": "best"}, "recipe"),
        ({"size": 5, "colour": "red"}, "colour"),
        ({"size": 5, "videos": [MINUTE]}, "videos"),
        ({"videos": []}, "videos"),
        ({"videos": [MINUTE] * 501}, "videos"),
        ({"videos": [5]}, "videos"),
        ({"videos": [{"size": 5, "name": "x"}]}, "name"),
    ],
)
def test_what_is_unfit_is_refused_by_name(client, fields, named):
    refused = ask(client, **fields)
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == [named]


def test_another_kind_of_body_is_refused(client):
    assert client.post("/estimates", {"size": 5}).status_code == 415


def test_who_must_sign_in_must_do_so_here(client, settings):
    settings.ACCESS = "login"
    assert ask(client, **MINUTE).status_code == 401


def test_how_long_the_queue_is_is_told(client):
    finished(took=40.0)
    assert ask(client, **MINUTE).json()["wait_seconds"] == 0
    make_job(State.RUNNING, visitor="ann")
    make_job(visitor="bob")
    assert ask(client, **MINUTE).json()["wait_seconds"] == pytest.approx(80, abs=2)


def test_while_all_is_paused_nobody_knows_how_long(client):
    Installation.objects.create(paused_at=timezone.now())
    said = ask(client, **MINUTE).json()
    assert (said["wait_seconds"], said["wait_reason"]) == (None, "paused")
    assert said["bytes"]


def test_while_no_worker_is_there_nobody_knows_how_long(client, monkeypatch):
    monkeypatch.setattr(schedule, "live_workers", lambda: 0)
    said = ask(client, **MINUTE).json()
    assert (said["wait_seconds"], said["wait_reason"]) == (None, "no_worker")
    assert said["seconds"]


def test_each_job_that_ends_teaches(client):
    before = ask(client, **MINUTE).json()
    for _ in range(10):
        estimates.learn(finished())
    after = ask(client, **MINUTE).json()
    assert after["from_jobs"] == pytest.approx(9, abs=1)  # the first of ten counts a little less
    assert after["bytes"][0] < 40_000_000 < after["bytes"][1]
    assert after["bytes"][1] / after["bytes"][0] < before["bytes"][1] / before["bytes"][0]


def test_completing_a_job_teaches_and_judges_what_was_told(tmp_path):
    job = make_job(State.RUNNING, size=MINUTE["size"], with_source=True, started_at=timezone.now(), worker="w")
    assert lifecycle.describe(job, MEDIA)
    job.refresh_from_db()
    assert job.predicted["bytes"][0] < job.predicted["bytes"][1]
    outcome = outcome_at(tmp_path / "result")
    assert lifecycle.complete(job, outcome, {"size": 40_000_000, "extension": "mp4", "pictures": NO_PICTURES})
    (row,) = Experience.objects.all()
    assert (row.jobs, row.told, row.bytes_right) == (1.0, 1.0, 1.0)


def test_a_job_that_was_interrupted_says_nothing_of_how_long_it_takes():
    estimates.learn(finished(attempt=2))
    estimates.learn(finished(outcome="already_small"))
    (row,) = Experience.objects.all()
    assert (round(row.jobs), row.paced) == (2, 0)


def test_a_job_of_which_nothing_is_known_teaches_nothing():
    estimates.learn(completed_job())
    assert not Experience.objects.exists()


def test_what_was_told_is_judged_by_what_came():
    told = {"bytes": [30_000_000, 50_000_000], "seconds": [10, 20], "from_jobs": 0}
    assert estimates.came_true(finished(predicted=told)) == (True, False)
    assert estimates.came_true(finished()) is None


def test_asking_for_many_costs_no_more_than_for_one_however_many_jobs_there_were(client):
    def queries(**fields):
        with CaptureQueriesContext(connection) as asked:
            assert ask(client, **fields).status_code == 200
        return len(asked)

    one = queries(**MINUTE)
    for _ in range(30):
        estimates.learn(finished())
    assert queries(videos=[MINUTE] * 50) == one <= 6
    assert Experience.objects.count() == 1


def test_the_same_is_told_of_a_submission_and_of_an_inquiry(client):
    said = ask(client, **MINUTE, fps=30.0, video_codec="h264").json()
    assert estimates.told(parse_options({}), MEDIA.as_dict()) == {
        "bytes": said["bytes"],
        "seconds": said["seconds"],
        "from_jobs": 0,
    }


def test_the_contract_names_what_may_be_said_of_a_video(client):
    described = client.get("/openapi.json").json()["paths"]["/estimates"]["post"]["requestBody"]
    fields = described["content"]["application/json"]["schema"]["properties"]
    assert {"recipe", "codec", "limit_megabytes", "size", "duration", "width", "fps", "videos"} <= set(fields)
    assert "of many at once" in client.get("/docs").content.decode()
