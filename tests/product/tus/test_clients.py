"""Other people's clients upload here, whatever breaks in between: tuspy, tus-js-client and Uppy."""

import hashlib
import json
import os
import threading
import time
import uuid
from pathlib import Path

import pytest
from tusclient.client import TusClient
from tusclient.fingerprint.fingerprint import Fingerprint
from tusclient.storage.filestorage import FileStorage

MIB = 1024 * 1024
SIZE = 200 * MIB


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    path.write_bytes(os.urandom(MIB) * (SIZE // MIB))
    return path


@pytest.fixture
def order(web, film):
    """What a client is told: where to, what, and as which job."""
    metadata = {"filename": "film.mp4", "recipe": "small", "client_job_id": str(uuid.uuid4())}
    return {"endpoint": f"{web.url}/uploads/", "path": str(film), "name": "film.mp4", "metadata": metadata}


@pytest.fixture
def uploader(order):
    """A tuspy uploader of the film."""

    def make(**options):
        return TusClient(order["endpoint"]).uploader(order["path"], metadata=order["metadata"], **options)

    return make


@pytest.fixture
def arrived(web, tus, film):
    """Whether the job of this address waits for a worker, and its source is the film, byte for byte."""

    def check(url):
        job_id = url.rpartition("/")[2]
        assert tus.job(f"/uploads/{job_id}")["state"] == "queued"
        with Path(web.data, "media/jobs", job_id, "source").open("rb") as got, film.open("rb") as sent:
            return hashlib.file_digest(got, "sha256").digest() == hashlib.file_digest(sent, "sha256").digest()

    return check


def restart_when(web, condition):
    """kill -9 the web process in mid-upload, leave the clients alone for a while, start it again."""
    while not condition():
        time.sleep(0.01)
    web.kill()
    time.sleep(1)
    web.start()


def told(process):
    """What a Node script says, as it says it."""
    return (json.loads(line) for line in process.stdout if line.startswith("{"))


def finish(process):
    """The address of the finished upload."""
    last = list(told(process))[-1]
    assert process.wait(120) == 0, last
    return last["done"]


# tuspy


def test_tuspy_uploads_in_chunks_with_checksums(uploader, arrived):
    upload = uploader(chunk_size=16 * MIB, upload_checksum=True)
    upload.upload()
    assert arrived(upload.url)


def test_tuspy_goes_on_after_the_server_was_killed(web, uploader, arrived):
    upload = uploader(chunk_size=8 * MIB, retries=60, retry_delay=1)
    killer = threading.Thread(target=restart_when, args=[web, lambda: upload.offset > 50 * MIB])
    killer.start()
    upload.upload()
    killer.join()
    assert arrived(upload.url)


def test_tuspy_resumes_in_another_process(uploader, arrived, tmp_path):
    kept = {"store_url": True, "url_storage": FileStorage(str(tmp_path / "urls")), "fingerprinter": Fingerprint()}
    first = uploader(chunk_size=16 * MIB, **kept)
    first.upload(stop_at=64 * MIB)
    second = uploader(chunk_size=16 * MIB, **kept)
    assert (second.url, second.offset) == (first.url, 64 * MIB)
    second.upload()
    assert arrived(second.url)


# tus-js-client and Uppy

CHUNKED, WHOLE = {"chunkSize": 8 * MIB}, {}


@pytest.mark.parametrize("options", [CHUNKED, WHOLE, {"uploadDataDuringCreation": True} | CHUNKED])
@pytest.mark.parametrize("script", ["tus_js.mjs", "uppy.mjs"])
def test_a_browser_client_uploads(node, order, arrived, script, options):
    assert arrived(finish(node(script, **order, **options)))


@pytest.mark.parametrize("options", [CHUNKED, WHOLE])
@pytest.mark.parametrize("script", ["tus_js.mjs", "uppy.mjs"])
def test_a_browser_client_goes_on_after_the_server_was_killed(web, node, order, arrived, script, options):  # noqa: PLR0917
    process = node(script, **order, **options)
    messages = told(process)
    restart_when(web, lambda: next(messages).get("sent", 0) > 50 * MIB)
    assert arrived(finish(process))


def test_a_browser_client_that_was_killed_itself_resumes(node, order, arrived, tmp_path):
    order["urls"] = str(tmp_path / "urls.json")
    first = node("tus_js.mjs", **order)
    for message in told(first):
        if message.get("sent", 0) > 50 * MIB:
            first.kill()
            break
    first.wait()
    second = node("tus_js.mjs", **order)
    resumes = next(told(second))["resumes"]
    assert finish(second) == resumes
    assert arrived(resumes)


@pytest.mark.parametrize("script", ["tus_js.mjs", "uppy.mjs"])
def test_a_client_that_forgot_all_but_its_client_job_id_finds_its_upload(uploader, node, order, arrived, script):
    begun = uploader(chunk_size=16 * MIB)
    begun.upload(stop_at=64 * MIB)
    assert finish(node(script, **order)) == begun.url
    assert arrived(begun.url)
