"""What surely is no video is refused by its first bytes, and nothing of it is kept."""

import pytest

from jobs import errors, first_bytes
from jobs.models import Job
from jobs.states import State
from jobs.storage import storage
from tests.builders import VIDEO, video

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 " + bytes(5000)


@pytest.mark.parametrize("beginning", first_bytes.NO_VIDEOS)
def test_each_of_them_is_known_by_its_beginning(beginning):
    with pytest.raises(errors.NotAVideo):
        first_bytes.check(beginning + bytes(100))


@pytest.mark.parametrize(
    "beginning",
    [
        b"\x00\x00\x00\x18ftypmp42",
        b"\x1aE\xdf\xa3matroska",
        b"RIFF\x00\x00\x00\x00AVI ",
        b"G@\x00\x10",
        b"\x00\x00\x01\xba",
        b"FLV\x01",
        b"GIF89a",
        b"\xff\xd8\xff\xe0 a stream of JPEG",
        b"OggS",
        b"",
    ],
)
def test_what_may_be_a_video_is_let_in(beginning):
    first_bytes.check(beginning + bytes(100))


def test_a_form_with_a_document_is_refused_in_words_and_makes_no_job(client):
    client.get("/")
    answer = client.post("/jobs", {"file": video("report.mov", PDF)})
    assert (answer.status_code, answer.json()["code"]) == (400, "not_a_video")
    assert answer.json()["message"] == "It is a PDF document. Check which file you chose."
    assert not Job.objects.exists()


def test_a_video_still_gets_in(client):
    client.get("/")
    assert client.post("/jobs", {"file": video("holiday.mov", VIDEO)}).status_code == 202
    assert storage.received_bytes(Job.objects.get(state=State.QUEUED).id) == len(VIDEO)
