"""The list on the page carries hundreds: in pages, searched, filtered and sorted; a program filters by state."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.pages import listing
from jobs.states import State
from tests.builders import completed_job, make_job, visitor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(client, redis):
    """Makes jobs of this browser."""
    client.get("/")

    def make(name, state=State.QUEUED, **fields):
        return make_job(state, filename=name, visitor=visitor_of(client), **fields)

    return make


def shown(client, query="") -> list[str]:
    page = client.get(f"/{query}").content.decode()
    return re.findall(r'data-filename="([^"]*)"', page)


def links(client, query="") -> dict[str, str]:
    found = re.findall(r'href="([^"]*)#jobs-heading" rel="(\w+)"', client.get(f"/{query}").content.decode())
    return {rel: address.replace("&amp;", "&") for address, rel in found}


def test_every_video_is_on_some_page_and_on_one_only(client, mine, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 3)
    names = [f"{number}.mp4" for number in range(8)]
    for name in names:
        mine(name)

    seen, query = shown(client), ""
    while query := links(client, query).get("next", ""):
        seen += shown(client, query)

    assert seen == names[::-1]
    assert links(client, "?page=3").keys() == {"prev"}


def test_videos_are_found_by_a_part_of_their_name_and_by_how_they_stand(client, mine):
    mine("Beach.mov")
    mine("beach-2.mov", State.FAILED, error_code="not_a_video")
    mine("dinner.mov")

    assert shown(client, "?q=BEACH") == ["beach-2.mov", "Beach.mov"]
    assert shown(client, "?show=failed") == ["beach-2.mov"]
    assert shown(client, "?q=beach&show=live") == ["Beach.mov"]
    assert "No video is like that." in client.get("/?q=mountain").content.decode()


@pytest.mark.parametrize(
    ("sort", "order"),
    [("", ["c", "a", "b"]), ("oldest", ["b", "a", "c"]), ("name", ["a", "b", "c"]), ("size", ["a", "b", "c"])],
)
def test_the_order_is_the_person_s_choice(client, mine, sort, order):
    for name, size in (("b", 20), ("a", 30), ("c", 10)):
        mine(name, size=size)
    assert shown(client, f"?sort={sort}") == order


def test_what_saved_most_comes_first(client, mine):
    for name, saved in (("little.mp4", 1_000), ("much.mp4", 9_000)):
        completed_job(filename=name, visitor=visitor_of(client), saved_bytes=saved)
    assert shown(client, "?sort=saved") == ["much.mp4", "little.mp4"]


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-1", "?page=x", "?page=²", "?show=no&sort=no", "?q=%00%0a", "?page="]
)
def test_an_address_that_makes_no_sense_shows_the_first_page(client, mine, query):
    mine("holiday.mov")
    assert shown(client, query) == ["holiday.mov"]


def test_another_s_videos_are_not_searched(client, mine):
    make_job(filename="secret.mov", visitor="somebody else")
    assert shown(client, "?q=secret") == []


def test_a_page_costs_as_many_queries_with_60_videos_as_with_6(client, mine):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/?q=video&sort=name")
        return len(asked)

    for number in range(6):
        mine(f"video {number}")
    few = queries()
    for number in range(54):
        mine(f"video {number}")
    assert queries() == few


def test_a_program_lists_the_jobs_of_one_state_in_pages(client, mine):
    for number in range(3):
        mine(f"{number}.mp4")
    mine("failed.mp4", State.FAILED, error_code="not_a_video")

    page = client.get("/jobs?state=queued&limit=2").json()
    following = client.get(page["next"]).json()

    assert [job["filename"] for job in page["jobs"] + following["jobs"]] == ["2.mp4", "1.mp4", "0.mp4"]
    assert following["next"] is None
    assert client.get("/jobs?state=nonsense").status_code == 400
    assert Job.objects.count() == 4
