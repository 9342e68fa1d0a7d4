"""What a card shows of a job that waits, is on hold, or is made in pieces; without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import lifecycle, schedule
from jobs.encoding import parse_options
from jobs.models import Installation, Job, Piece
from jobs.states import PieceState, State
from jobs.templatetags.presentation import facts, look
from tests.builders import completed_job, film_in_pieces, make_job, visitor_of

pytestmark = pytest.mark.django_db
PAUSED = "All work is paused by the operators of this server."


def text_of(client, job) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html_of(client, job)).split())


def html_of(client, job) -> str:
    return client.get(f"/watch/{job.id}/card").content.decode()


def buttons(client, job) -> set[str]:
    """By their accessible names."""
    found = re.findall(r"<button[^>]*>(.*?)</button>", html_of(client, job), re.DOTALL)
    return {" ".join(re.sub(r"<[^>]*>", "", words).split()) for words in found}


def make(job, *numbers) -> Job:
    job.pieces.filter(number__in=numbers).update(state=PieceState.DONE, fraction=1.0, took=4.0)
    return job


def resumed(job) -> Job:
    """A worker had a piece and hands it back."""
    piece = lifecycle.start_piece(Piece.objects.waiting().filter(job=job).first(), "w", timezone.now())
    lifecycle.hand_back_piece(piece)
    job.refresh_from_db()
    return job


def test_a_film_in_pieces_is_drawn_as_cells_and_told_as_one_progress(client):
    job = resumed(make(film_in_pieces(4), 0, 1))
    page = html_of(client, job)
    assert re.findall(r'value="([\d.]+)"></progress>', page) == ["1.0", "1.0", "0.0", "0.0"]
    assert page.count('role="progressbar"') == 1
    assert 'aria-valuetext="49%, 2 of 4 pieces done"' in page


def test_the_longest_film_has_sixty_cells(client):
    assert html_of(client, resumed(film_in_pieces(200))).count("</progress>") == 60


def test_what_was_kept_over_an_interruption_is_said(client):
    assert "were done before" not in text_of(client, resumed(film_in_pieces(4)))
    assert "50% were done before" in text_of(client, resumed(make(film_in_pieces(4), 0, 1)))


def test_how_long_it_takes_is_not_foretold_while_nobody_is_at_it(client):
    progress = {"speed": None, "eta_seconds": 60, "pieces": {"done": 1, "total": 2, "kept": 0, "cells": [1, 0]}}
    assert facts({"is_held": False, "progress": progress}) == "1 of 2 pieces done"
    assert facts({"is_held": False, "progress": {**progress, "speed": 0.5}}).endswith("about 1 min left")


def test_a_job_that_waits_can_be_moved_and_held_by_buttons_with_its_name(client):
    names = buttons(client, make_job())
    assert names >= {"Put holiday.mov first", "Put holiday.mov last", "Hold holiday.mov", "Cancel holiday.mov"}


def test_a_job_on_hold_says_so_and_can_be_released(client):
    job = lifecycle.hold(make_job())
    assert "On hold" in text_of(client, job)
    assert buttons(client, job) == {"Release holiday.mov", "Cancel holiday.mov"}


def test_a_film_in_pieces_is_held_as_well(client):
    job = lifecycle.hold(make(film_in_pieces(2), 0))
    assert "On hold" in text_of(client, job)
    assert "It waits until you release it" in text_of(client, job)


def test_what_holding_costs_is_asked_where_it_costs_something(client):
    asks = "is given up. Put it on hold?"
    assert asks in html_of(client, make_job(State.RUNNING, progress={"phase": "encode", "fraction": 0.5}))
    assert asks not in html_of(client, resumed(film_in_pieces(2)))
    assert asks not in html_of(client, make_job())


def test_home_and_what_waits_say_that_operators_paused_all(client):
    client.get("/")
    job = make_job(visitor=visitor_of(client))
    Installation.objects.create()
    lifecycle.pause_all(True)
    assert PAUSED in text_of(client, job)
    assert client.get("/").content.decode().count(PAUSED) == 2
    lifecycle.pause_all(False)
    assert PAUSED not in text_of(client, job)


def test_a_poll_of_what_waits_finds_something_new_when_all_is_paused(client):
    Installation.objects.create()
    address = f"/jobs/{make_job().id}"
    known = {"If-None-Match": client.get(address)["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    lifecycle.pause_all(True)
    assert client.get(address, headers=known).status_code == 202


def test_when_work_begins_again_is_said_by_the_clock_of_the_hours(client, settings):
    now = timezone.localtime()
    begins = now.replace(second=0, microsecond=0) + timedelta(hours=2)
    settings.WORK_HOURS = (begins.time(), (begins + timedelta(hours=1)).time())
    assert f"Work begins again at {begins:%H:%M %Z}." in text_of(client, make_job())
    assert "begins again" in client.get("/").content.decode()
    assert "begins again" not in text_of(client, lifecycle.hold(make_job()))


def test_the_lowest_quality_stands_beside_the_mean(client):
    job = completed_job()
    Job.objects.update(result={**job.result, "vmaf": 95.2, "vmaf_lowest": 91.6})
    assert "VMAF 95, lowest piece 92" in text_of(client, job)
    Job.objects.update(result={**job.result, "vmaf": 95.2, "vmaf_lowest": None})
    assert "lowest" not in text_of(client, job)


def test_the_look_of_a_card_is_told_in_the_words_of_the_pages_script():
    links = {"self": "/jobs/1", "first": None, "release": "/jobs/1/release"}
    progress = {"pieces": {"cells": [1, 0.5]}}
    assert look({"state": "running", "progress": progress, "links": links}) == "running 2 self release"
    assert look({"state": "running", "progress": None, "links": {"hold": "/jobs/1/hold"}}) == "running 0 hold"


def test_where_no_worker_is_there_a_card_says_so_and_does_not_let_one_wait_in_the_dark(client, monkeypatch):
    job = make_job()
    monkeypatch.setattr(schedule, "live_workers", lambda: 0)
    assert "No worker is running." in text_of(client, job)
    assert "No worker is running." in client.get("/").content.decode()
    monkeypatch.setattr(schedule, "live_workers", lambda: 1)
    assert "No worker" not in text_of(client, job)


def test_a_card_says_how_its_video_is_made_and_when_it_came(client):
    options = parse_options({"recipe": "small", "max_height": "720", "audio": "drop"}).as_dict()
    said = text_of(client, make_job(options=options))
    assert "Smallest · largest height 720 pixels · sound remove · added" in said
    limited = parse_options({"recipe": "limit", "limit_bytes": "25000000"}).as_dict()
    assert "Fit a size · largest size 25 MB" in text_of(client, make_job(options=limited))


def test_a_result_plays_in_place_where_the_browser_says_that_it_can(client):
    job = completed_job()
    Job.objects.filter(pk=job.pk).update(result={**job.result, "video_codec": "h264"})
    page = html_of(client, job)
    assert 'data-type="video/mp4; codecs=&quot;avc1.640028&quot;"' in page
    assert "<video controls" in page


def test_the_page_of_a_job_has_its_own_address_as_a_code(client):
    job = make_job()
    code = client.get(f"/watch/{job.id}/code.svg")
    assert code["Content-Type"] == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in code.content  # else an <img> shows nothing
    assert "only this computer knows" in client.get(f"/watch/{job.id}", headers={"host": "localhost"}).content.decode()
    assert "only this computer" not in client.get(f"/watch/{job.id}", headers={"host": "192.168.1.5"}).content.decode()
