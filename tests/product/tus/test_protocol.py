"""tus 1.0.0 at /uploads/, section by section of the specification: request in, answer out."""

import base64
import hashlib
import uuid
from email.utils import parsedate_to_datetime

import pytest

from tests.product.tus.client import OCTETS, encode


def source_of(web, path):
    return (web.data / "media/jobs" / path.rpartition("/")[2] / "source").read_bytes()


def checksum(algorithm, data):
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


# Core protocol


def test_options_tells_what_the_server_can_do(tus):
    answer = tus.ask("OPTIONS", "/uploads/", Tus_Resumable=None)
    assert answer.status == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Max-Size"] == str(2 * 10**9)
    assert answer["Tus-Extension"].split(",") == [
        "creation",
        "creation-with-upload",
        "termination",
        "checksum",
        "expiration",
    ]
    assert {"sha1", "sha256"} <= set(answer["Tus-Checksum-Algorithm"].split(","))


@pytest.mark.parametrize("version", [None, "0.2.2", "2.0.0"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/uploads/"), ("HEAD", ""), ("PATCH", ""), ("DELETE", "")])
def test_another_version_is_refused(tus, method, path, version):
    path = path or tus.upload(4)
    answer = tus.ask(method, path, Tus_Resumable=version)
    assert (answer.status, answer["Tus-Version"]) == (412, "1.0.0")


def test_every_answer_names_the_version_even_errors(tus):
    path = tus.upload(4)
    answers = [tus.head(path), tus.patch(path, 9, b""), tus.ask("PUT", path), tus.head("/uploads/nothing")]
    assert [answer.status for answer in answers] == [200, 409, 405, 404]
    assert {answer["Tus-Resumable"] for answer in answers} == {"1.0.0"}


def test_head_tells_offset_length_and_metadata_and_is_not_cached(tus):
    metadata = {"filename": "naïve film.mp4", "client_job_id": str(uuid.uuid4()), "recipe": "small"}
    path = tus.upload(10, **metadata)
    tus.patch(path, 0, b"1234")
    answer = tus.head(path)
    assert (answer.status, answer.offset, answer["Upload-Length"]) == (200, 4, "10")
    assert answer["Upload-Metadata"] == encode(metadata)
    assert answer["Cache-Control"] == "no-store"
    assert answer.body == b""


def test_patches_append_and_the_last_one_queues_the_job(tus, web):
    path = tus.upload(10)
    first, second = tus.patch(path, 0, b"12345"), tus.patch(path, 5, b"67890")
    assert [(a.status, a.offset) for a in (first, second)] == [(204, 5), (204, 10)]
    assert tus.job(path)["state"] == "queued"
    assert source_of(web, path) == b"1234567890"


def test_a_body_that_is_chunked_is_taken_too(tus, web):
    path = tus.upload(10)
    assert tus.patch(path, 0, iter([b"12345", b"67890"])).offset == 10
    assert source_of(web, path) == b"1234567890"


def test_an_empty_patch_changes_nothing(tus):
    path = tus.upload(4)
    answer = tus.patch(path, 0, b"")
    assert (answer.status, answer.offset) == (204, 0)


@pytest.mark.parametrize("offset", [0, 3, 5, 10])
def test_a_wrong_offset_is_refused(tus, offset):
    path = tus.upload(10)
    tus.patch(path, 0, b"1234")
    answer = tus.patch(path, offset, b"xx")
    assert (answer.status, answer.code) == (409, "wrong_offset")
    assert tus.head(path).offset == 4


@pytest.mark.parametrize("offset", ["", "-1", "abc", "1.5"])
def test_an_offset_that_is_no_number_is_refused(tus, offset):
    answer = tus.patch(tus.upload(10), offset, b"xx")
    assert (answer.status, answer.json["fields"].keys()) == (400, {"Upload-Offset"})


@pytest.mark.parametrize("content_type", ["application/octet-stream", "text/plain", "multipart/form-data"])
def test_bytes_of_another_type_are_refused(tus, content_type):
    answer = tus.patch(tus.upload(4), 0, b"1234", Content_Type=content_type)
    assert (answer.status, answer.code) == (415, "unsupported_type")


def test_more_bytes_than_announced_are_refused(tus):
    path = tus.upload(4)
    assert tus.patch(path, 0, b"12345").code == "upload_overrun"
    assert tus.patch(path, 0, iter([b"12", b"345"])).code == "upload_overrun"


def test_a_finished_upload_still_tells_its_offset_and_takes_nothing_more(tus):
    path = tus.upload(4)
    tus.patch(path, 0, b"1234")
    assert tus.head(path).offset == 4
    assert tus.head(path)["Upload-Expires"] is None
    assert tus.patch(path, 4, b"").status == 204
    assert tus.patch(path, 4, b"5").status == 413


def test_an_upload_that_never_was_is_not_found(tus):
    path = f"/uploads/{uuid.uuid4()}"
    assert tus.head(path).status == 404
    assert tus.patch(path, 0, b"").code == "not_found"
    assert tus.ask("DELETE", path).status == 404


def test_the_method_may_be_overridden(tus):
    path = tus.upload(4)
    answer = tus.ask("POST", path, b"12", X_HTTP_Method_Override="PATCH", Content_Type=OCTETS, Upload_Offset=0)
    assert (answer.status, answer.offset) == (204, 2)


# Creation


def test_creation_makes_a_job_of_the_same_id(tus):
    answer = tus.create(100, {"filename": "film.mp4", "recipe": "small", "client_job_id": "0" * 32})
    assert answer.status == 201
    job = tus.job(answer["Location"])
    assert answer["Location"] == job["links"]["upload"] == f"/uploads/{job['id']}"
    assert (job["state"], job["filename"], job["source"]["size"]) == ("uploading", "film.mp4", 100)
    assert (job["recipe"]["name"], job["received_bytes"]) == ("small", 0)


def test_the_same_client_job_id_finds_the_same_upload(tus):
    metadata = {"filename": "film.mp4", "client_job_id": str(uuid.uuid4())}
    first = tus.create(10, metadata)
    tus.patch(first["Location"], 0, b"12345")
    again = tus.create(10, metadata)
    assert (again.status, again["Location"]) == (201, first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert tus.head(again["Location"]).offset == 5


def test_the_client_job_id_may_come_as_a_header(tus):
    key = str(uuid.uuid4())
    first = tus.create(10, {"filename": "film.mp4"}, Idempotency_Key=key)
    assert tus.create(10, {"filename": "film.mp4"}, Idempotency_Key=key)["Location"] == first["Location"]


def test_the_same_client_job_id_for_something_else_is_refused(tus):
    key = str(uuid.uuid4())
    tus.create(10, {"filename": "film.mp4", "client_job_id": key})
    answer = tus.create(11, {"filename": "film.mp4", "client_job_id": key})
    assert (answer.status, answer.json["differs"]) == (422, ["size"])


def test_what_uppy_sends_unasked_is_ignored(tus):
    metadata = {"name": "a.mov", "type": "video/mp4", "filetype": "video/mp4", "relativePath": "null"}
    assert tus.job(tus.upload(10, **metadata))["filename"] == "a.mov"


@pytest.mark.parametrize("metadata", ["filename !!!", "colour cmVk", "filename YQ==,filename Yg=="])
def test_unfit_metadata_is_refused_by_name(tus, metadata):
    answer = tus.ask("POST", "/uploads/", Upload_Length=5, Upload_Metadata=metadata)
    assert (answer.status, list(answer.json["fields"])) == (400, [metadata.partition(" ")[0]])


def test_a_length_over_the_maximum_is_refused(tus):
    answer = tus.create(2 * 10**9 + 1)
    assert (answer.status, answer.json["max_bytes"]) == (413, 2 * 10**9)


@pytest.mark.parametrize("headers", [{"Upload_Length": None}, {"Upload_Length": "-3"}, {"Upload_Length": "0"}])
def test_an_unusable_length_is_refused(tus, headers):
    assert tus.create(5, **headers).status == 400


def test_deferring_the_length_is_refused_as_it_is_not_offered(tus):
    assert tus.create(5, Upload_Length=None, Upload_Defer_Length=1).status == 400


# Creation With Upload


def test_bytes_may_come_along_with_creation(tus, web):
    answer = tus.create(10, body=b"12345")
    assert (answer.status, answer.offset) == (201, 5)
    assert tus.patch(answer["Location"], 5, b"67890").offset == 10
    assert source_of(web, answer["Location"]) == b"1234567890"


def test_all_bytes_may_come_along_with_creation(tus):
    answer = tus.create(5, body=b"12345")
    assert (answer.status, answer.offset) == (201, 5)
    assert tus.job(answer["Location"])["state"] == "queued"


def test_creation_again_with_bytes_tells_how_many_are_here(tus, web):
    metadata = {"filename": "film.mp4", "client_job_id": str(uuid.uuid4())}
    path = tus.create(10, metadata, body=b"12345")["Location"]
    again = tus.create(10, metadata, body=b"12345678")
    assert (again.status, again["Location"], again.offset) == (201, path, 5)
    assert source_of(web, path) == b"12345"


# Checksum


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512", "md5"])
def test_bytes_with_a_right_checksum_are_kept(tus, algorithm):
    answer = tus.patch(tus.upload(10), 0, b"12345", Upload_Checksum=checksum(algorithm, b"12345"))
    assert (answer.status, answer.offset) == (204, 5)


def test_bytes_with_a_wrong_checksum_are_discarded(tus, web):
    path = tus.upload(10)
    tus.patch(path, 0, b"123")
    answer = tus.patch(path, 3, b"4567890", Upload_Checksum=checksum("sha1", b"other"))
    assert (answer.status, answer.code) == (460, "checksum_mismatch")
    assert tus.head(path).offset == 3
    assert tus.patch(path, 3, b"4567890", Upload_Checksum=checksum("sha1", b"4567890")).offset == 10
    assert source_of(web, path) == b"1234567890"


@pytest.mark.parametrize("value", ["crc32 AAAA", "sha1 !", "sha1"])
def test_an_unusable_checksum_is_refused(tus, value):
    path = tus.upload(10)
    answer = tus.patch(path, 0, b"12345", Upload_Checksum=value)
    assert answer.status in (400, 460)
    assert tus.head(path).offset == 0


def test_creation_with_a_wrong_checksum_names_the_upload_that_it_made(tus):
    answer = tus.create(10, body=b"12345", Upload_Checksum=checksum("sha1", b"other"))
    assert answer.status == 460
    assert tus.head(answer["Location"]).offset == 0


# Expiration


def test_an_unfinished_upload_tells_when_it_expires(tus):
    created = tus.create(10)
    patched = tus.patch(created["Location"], 0, b"1")
    for answer in (created, patched, tus.head(created["Location"])):
        assert parsedate_to_datetime(answer["Upload-Expires"])


# Termination


def test_a_terminated_upload_is_gone(tus, web):
    path = tus.upload(10)
    tus.patch(path, 0, b"12345")
    assert tus.ask("DELETE", path).status == 204
    assert tus.head(path).status == 410
    assert tus.patch(path, 5, b"67890").code == "job_canceled"
    assert not (web.data / "media/jobs" / path.rpartition("/")[2]).exists()
    assert tus.ask("DELETE", path).status == 204


def test_a_terminated_upload_is_not_started_again_by_the_same_client_job_id(tus):
    metadata = {"filename": "film.mp4", "client_job_id": str(uuid.uuid4())}
    tus.ask("DELETE", tus.create(10, metadata)["Location"])
    assert tus.create(10, metadata).code == "job_canceled"
