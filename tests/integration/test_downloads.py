"""Fetching a result: whole, in part, again, and never more of it in memory than a chunk."""

import pytest
from asgiref.sync import async_to_sync

from jobs.states import State
from tests.builders import completed_job, make_job

pytestmark = pytest.mark.django_db
CONTENT = b"0123456789"


@pytest.fixture
def job():
    return completed_job(CONTENT)


def body(answer):
    async def gather():
        return b"".join([chunk async for chunk in answer.streaming_content])

    return async_to_sync(gather)()


def fetch(client, job, **headers):
    return client.get(f"/jobs/{job.id}/result", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_the_whole_file_is_offered_for_saving(client, job):
    answer = fetch(client, job)
    assert (answer.status_code, body(answer)) == (200, CONTENT)
    assert answer["Content-Disposition"] == 'attachment; filename="holiday.mp4"'
    assert answer["Content-Type"] == "video/mp4"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private"
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "content_range", "content"),
    [
        ("bytes=0-0", "bytes 0-0/10", b"0"),
        ("bytes=2-4", "bytes 2-4/10", b"234"),
        ("bytes=7-", "bytes 7-9/10", b"789"),
        ("bytes=7-99", "bytes 7-9/10", b"789"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=-99", "bytes 0-9/10", CONTENT),
    ],
)
def test_a_range_is_answered_in_part(client, job, wanted, content_range, content):
    answer = fetch(client, job, range=wanted)
    assert (answer.status_code, answer["Content-Range"]) == (206, content_range)
    assert answer["Content-Length"] == str(len(content))
    assert body(answer) == content


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=-0", "bytes=99-100"])
def test_a_range_beyond_the_end_cannot_be_satisfied(client, job, wanted):
    answer = fetch(client, job, range=wanted)
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10")


@pytest.mark.parametrize("wanted", ["bytes=4-2", "bytes=a-b", "lines=1-2", "bytes=", "bytes=0-1,3-4"])
def test_what_is_not_one_valid_range_is_ignored(client, job, wanted):
    assert fetch(client, job, range=wanted).status_code == 200


def test_a_download_is_resumed_only_of_the_same_file(client, job):
    etag = fetch(client, job)["ETag"]
    assert fetch(client, job, range="bytes=5-", if_range=etag).status_code == 206
    assert fetch(client, job, range="bytes=5-", if_range='"another"').status_code == 200


def test_what_a_client_has_already_is_not_sent_again(client, job):
    assert fetch(client, job, if_none_match=fetch(client, job)["ETag"]).status_code == 304


def test_head_tells_the_size(client, job):
    answer = client.head(f"/jobs/{job.id}/result")
    assert (answer.status_code, answer["Content-Length"]) == (200, "10")


def test_a_name_in_any_script_survives(client):
    answer = fetch(client, completed_job(filename="Ferien ä 海.mov"))
    assert "filename*=utf-8''Ferien%20%C3%A4%20%E6%B5%B7.mp4" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.QUEUED, 409), (State.RUNNING, 409), (State.FAILED, 409), (State.CANCELED, 410), (State.EXPIRED, 410)],
)
def test_where_there_is_no_result_it_says_why(client, state, status):
    assert fetch(client, make_job(state)).status_code == status


def test_only_listed_pictures_are_served(client, job):
    for name in ("poster.jpg", "result", "..%2Fresult", "%2Fetc%2Fpasswd"):
        assert client.get(f"/jobs/{job.id}/pictures/{name}").status_code == 404
