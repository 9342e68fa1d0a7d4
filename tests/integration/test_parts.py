"""A part of a video is asked for at every door in the same words; what cannot be is refused beforehand."""

import json
import uuid

import pytest

from jobs.encoding import MediaInfo
from jobs.lifecycle import describe
from jobs.models import Job
from jobs.snapshot import snapshot
from jobs.states import State
from tests.builders import make_job, make_plan, video

pytestmark = pytest.mark.django_db


def announce(client, **fields):
    body = {"filename": "a.mov", "size": 9, "client_job_id": str(uuid.uuid4()), **fields}
    return client.post("/jobs", json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(("start", "end"), [("1:23", "1:24.5"), (83, 84.5), ("83.0", "84,5")])
def test_the_snapshot_tells_it_in_seconds_however_it_was_sent(client, start, end):
    recipe = announce(client, start=start, end=end).json()["recipe"]
    assert (recipe["start"], recipe["end"]) == (83.0, 84.5)


def test_the_same_part_in_other_words_is_the_same_request(client):
    key = str(uuid.uuid4())
    first = announce(client, client_job_id=key, start="1:23")
    assert announce(client, client_job_id=key, start=83.0).json()["id"] == first.json()["id"]
    assert announce(client, client_job_id=key, start=84).status_code == 422


def test_an_end_before_the_beginning_is_refused_at_once(client):
    answer = announce(client, start="1:23", end="0:23")
    assert (answer.status_code, answer.json()["fields"]) == (400, {"end": "The end must come after the beginning."})


def test_a_form_says_so_in_a_persons_words_and_keeps_what_was_filled_in(client):
    answer = client.post("/", {"file": video(), "recipe": "fast", "start": "1:23", "end": "soon"})
    page = answer.content.decode()
    assert (answer.status_code, Job.objects.count()) == (400, 0)
    assert "<b>End at:</b> Use seconds, or h:mm:ss" in page
    assert 'name="start" value="1:23"' in page
    assert '<details class="options" open>' in page


def test_what_is_known_of_a_part_is_not_kept_as_what_is_known_of_the_source():
    job = make_job(State.RUNNING)
    whole = make_plan(0).media
    assert describe(job, MediaInfo(**{**vars(whole), "part": {"frames": 3, "cuts": [[1.0] * 5] * 1000}}))
    job.refresh_from_db()
    assert job.source["part"] is None
    assert "part" not in snapshot(job)["source"]
