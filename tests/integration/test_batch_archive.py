"""All results of a batch in one file: whole, in part, again; and what is missing is said."""

import io
import uuid
import zipfile
from datetime import UTC, datetime

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.states import State
from jobs.zip_layout import ContentGone
from tests.builders import completed_job, failed_job, make_job, result_of

pytestmark = pytest.mark.django_db
BATCH = str(uuid.uuid4())
ADDRESS = f"/batches/{BATCH}/results.zip"


def body(answer):
    async def gather():
        return b"".join([chunk async for chunk in answer.streaming_content])

    return async_to_sync(gather)()


def archive(answer):
    return zipfile.ZipFile(io.BytesIO(body(answer)))


def done(name, content=b"0123456789", **fields):
    return completed_job(content, batch=BATCH, filename=name, **fields)


def test_every_result_is_there_in_its_folder(client):
    done("a.mov", b"first", folder="Day/Beach")
    done("ä.mov", b"second")
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="videos 2')
    with archive(answer) as unpacked:
        assert {name: unpacked.read(name) for name in unpacked.namelist()} == {
            "Day/Beach/a.mp4": b"first",
            "ä.mp4": b"second",
        }


def test_each_file_bears_the_time_that_it_had(client):
    done("a.mov", last_modified=datetime(2024, 5, 6, 12, 0, 2, tzinfo=UTC), last_modified_offset=120)
    with archive(client.get(ADDRESS)) as unpacked:
        assert unpacked.infolist()[0].date_time == (2024, 5, 6, 14, 0, 2)


def test_the_length_is_told_beforehand(client):
    done("a.mov")
    answer = client.get(ADDRESS)
    assert len(body(answer)) == int(answer["Content-Length"]) == int(client.head(ADDRESS)["Content-Length"])


def test_what_broke_off_goes_on_as_long_as_nothing_has_changed(client):
    done("a.mov")
    answer = client.get(ADDRESS)
    whole, etag = body(answer), answer["ETag"]
    part = client.get(ADDRESS, headers={"Range": "bytes=20-", "If-Range": etag})
    assert (part.status_code, body(part)) == (206, whole[20:])
    done("b.mov")
    assert client.get(ADDRESS, headers={"Range": "bytes=20-", "If-Range": etag}).status_code == 200


def test_names_that_are_the_same_get_numbers(client):
    done("a.mov", b"1")
    done("A.avi", b"2")
    with archive(client.get(ADDRESS)) as unpacked:
        assert unpacked.namelist() == ["a.mp4", "A (2).mp4"]


def test_a_hostile_name_or_folder_stays_within(client):
    done("..\\..\\evil.mov", folder="../../etc")  # as no door would let it in
    with archive(client.get(ADDRESS)) as unpacked:
        (name,) = unpacked.namelist()
    assert not name.startswith("/")
    assert ".." not in name.split("/")
    assert "\\" not in name


def test_what_is_missing_is_named_inside_with_the_reason(client):
    done("a.mov")
    failed_job(batch=BATCH, filename="b.mov", error_code="not_a_video", folder="Day")
    for state in (State.UPLOADING, State.QUEUED, State.RUNNING, State.CANCELED, State.EXPIRED):
        make_job(state, batch=BATCH, filename=f"{state}.mov")
    with archive(client.get(ADDRESS)) as unpacked:
        assert unpacked.namelist() == ["a.mp4", "not-included.txt"]
        lines = unpacked.read("not-included.txt").decode().splitlines()[2:]
    assert lines[0].startswith("Day/b.mov: ")
    assert len(lines[0]) > len("Day/b.mov: ") + 10
    assert lines[-1] == "expired.mov: Its result was deleted, or was not kept any longer."
    assert len(lines) == 6


def test_no_video_takes_the_place_of_that_file(client):
    result = completed_job(b"x").result | {"extension": None}  # the original, under its own name
    done("Not-Included.txt", b"0123456789", result=result)
    make_job(batch=BATCH)
    with archive(client.get(ADDRESS)) as unpacked:
        assert unpacked.namelist() == ["Not-Included (2).txt", "not-included.txt"]


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.QUEUED, 409), (State.RUNNING, 409), (State.FAILED, 410), (State.CANCELED, 410), (State.EXPIRED, 410)],
)
def test_where_there_is_nothing_to_fetch_it_says_why(client, state, status):
    make_job(state, batch=BATCH)
    assert client.get(ADDRESS).status_code == status


def test_a_result_that_is_deleted_meanwhile_breaks_the_download_off(client):
    done("a.mov")
    gone = done("b.mov")
    answer = client.get(ADDRESS)
    result_of(gone).unlink()
    with pytest.raises(ContentGone):
        body(answer)


def test_what_an_older_version_made_is_named_not_guessed(client):
    done("a.mov")
    old = done("b.mov")
    Job.objects.filter(pk=old.pk).update(result={name: fact for name, fact in old.result.items() if name != "crc32"})
    with archive(client.get(ADDRESS)) as unpacked:
        assert b"b.mov: An older version made it" in unpacked.read("not-included.txt")


def test_it_costs_the_same_number_of_questions_however_many_there_are(client):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(ADDRESS).status_code == 200
        return len(asked)

    done("a.mov")
    few = questions()
    for number in range(20):
        done(f"{number}.mov", folder=f"Day {number}")
    assert questions() == few
