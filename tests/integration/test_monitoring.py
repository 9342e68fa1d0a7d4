"""What a monitoring system is told."""

import pytest
from django.utils import timezone

from jobs import lifecycle
from jobs.encoding import PieceMade
from jobs.states import PieceState, State
from jobs.storage import storage
from jobs.unreachable import RedisUnreachable
from tests.builders import NO_PICTURES, film_in_pieces, make_job, outcome_at

pytestmark = pytest.mark.django_db


def samples(client):
    lines = client.get("/metrics").content.decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_jobs_queue_workers_and_room_are_counted(redis, client, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(storage, "free_bytes", lambda: 5_000_000_000)
    monkeypatch.setattr(storage, "total_bytes", lambda: 9_000_000_000)
    make_job(State.FAILED, error_code="not_a_video")
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.finish_upload(make_job(State.UPLOADING), sha256="")
    told = samples(client)
    by_state = {state: told.pop(f'compressor_jobs{{state="{state}"}}') for state in State}
    assert by_state == dict.fromkeys(State, "0") | {State.FAILED: "1", State.QUEUED: "1"}
    assert told == {
        'compressor_pieces{state="waiting"}': "0",
        'compressor_pieces{state="running"}': "0",
        'compressor_pieces{state="done"}': "0",
        "compressor_film_seconds_total": "0.0",
        "compressor_queue_length": "1",
        "compressor_live_workers": "0",
        "compressor_blind_workers": "0",
        "compressor_kept_source_bytes": "0",
        "compressor_free_bytes": "5000000000",
        "compressor_total_bytes": "9000000000",
        "compressor_saved_bytes": "0",
        'compressor_newest_failures{code="not_a_video"}': "1",
    }


def test_pieces_are_counted_while_their_jobs_live(redis, client):
    film, ended = film_in_pieces(3), film_in_pieces(5)
    film.pieces.filter(number=0).update(state=PieceState.DONE)
    lifecycle.cancel(ended)
    told = samples(client)
    assert told['compressor_pieces{state="waiting"}'] == "2"
    assert told['compressor_pieces{state="done"}'] == "1"


def test_film_is_counted_once_when_it_is_compressed_whole_or_in_pieces(
    redis, client, tmp_path, django_capture_on_commit_callbacks
):
    piece = lifecycle.start_piece(film_in_pieces(3).pieces.first(), "w", timezone.now())
    made = PieceMade(files={}, frames=50, bytes=1000, seconds=2.0, crf=25.0, vmaf=95.0, facts={})
    with django_capture_on_commit_callbacks(execute=True):
        assert lifecycle.finish_piece(piece, made, took=1.0)
        assert lifecycle.finish_piece(piece, made, took=1.0)  # told again after an outage of the database
    whole = make_job(State.RUNNING, source={"duration": 7.5})
    outcome = outcome_at(tmp_path / "result")
    result = {"size": 5, "extension": "mp4", "content_type": "video/mp4", "pictures": NO_PICTURES}
    lifecycle.complete(whole, outcome, result)
    assert samples(client)["compressor_film_seconds_total"] == "9.5"
    in_pieces = make_job(State.RUNNING, source={"duration": 6.0}, plan={"cut": {}})
    lifecycle.complete(in_pieces, outcome, result)
    assert samples(client)["compressor_film_seconds_total"] == "9.5"


def test_the_format_is_that_of_prometheus(redis, client):
    answer = client.get("/metrics")
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.content.startswith(b"# HELP compressor_jobs Jobs by state; ")
    assert b"\n# TYPE compressor_jobs gauge\n" in answer.content
    assert answer.content.endswith(b"\n")


def test_what_is_not_known_while_redis_is_away_is_left_out(client, monkeypatch):
    def away():
        raise RedisUnreachable

    monkeypatch.setattr("jobs.queue.length", away)
    told = samples(client)
    assert "compressor_queue_length" not in told
    assert "compressor_free_bytes" in told


def test_a_process_that_answers_is_alive(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_service_without_a_worker_is_not_ready_and_says_why(redis, client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "redis": "ok", "storage": "ok", "workers": "none"}


def test_with_a_token_set_strangers_learn_whether_it_serves_and_no_more(redis, client, settings):
    settings.METRICS_TOKEN = "for-prometheus"
    assert client.get("/metrics").status_code == 401
    assert client.get("/readyz").json() == {"status": "unavailable"}
    assert client.get("/healthz").status_code == 200
    bearing = {"Authorization": "Bearer for-prometheus"}
    assert client.get("/metrics", headers=bearing).content.startswith(b"# HELP")
    assert client.get("/readyz", headers=bearing).json()["workers"] == "none"
    assert client.get("/metrics", headers={"Authorization": "Bearer for-prometheuz"}).status_code == 401


def test_the_token_of_a_monitor_opens_nobodys_jobs(client, settings):
    settings.METRICS_TOKEN = "for-prometheus"
    settings.ACCESS = "login"
    assert client.get("/jobs", headers={"Authorization": "Bearer for-prometheus"}).status_code == 401
