"""A batch's ZIP from the running product: a reader that is slow, one that leaves, a result that goes meanwhile."""

import json
import uuid
import zipfile

import httpx
import psutil
import pytest

from tests.product.http import http

SIZE = 60_000_000  # bytes of each result: far more than lies in buffers on the way
MEMORY = 40_000_000  # bytes that the server may need more for a while
MAKE = """
import json
from tests.builders import completed_job
for name in ("a.mov", "b.mov"):
    job = completed_job(bytes({size}), batch="{batch}", filename=name, size=2 * {size})
    print(json.dumps(str(job.id)))
"""


@pytest.fixture
def batch(stack):
    """The id of a batch of two large results of zeros, and the ids of its jobs."""
    name = str(uuid.uuid4())
    told = stack.manage("shell", "-v0", "-c", MAKE.format(batch=name, size=SIZE))
    return name, [json.loads(line) for line in told.splitlines()]


def test_it_arrives_whole_and_a_reader_that_waits_costs_no_memory(stack, batch, tmp_path):
    web = psutil.Process(stack.processes["web"].pid)
    before = web.memory_info().rss
    path = tmp_path / "all.zip"
    with (
        http.stream("GET", f"{stack.url}/batches/{batch[0]}/results.zip") as answer,
        path.open("wb") as file,
    ):
        pieces = answer.iter_raw(1_000_000)
        file.write(next(pieces))
        assert web.memory_info().rss - before < MEMORY
        for piece in pieces:
            file.write(piece)
    assert path.stat().st_size == int(answer.headers["Content-Length"])
    assert web.memory_info().rss - before < MEMORY
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.mp4", "b.mp4"]


def test_a_result_that_is_deleted_meanwhile_breaks_it_off_for_all_to_see(stack, batch):
    name, (_, second) = batch
    url = f"{stack.url}/batches/{name}/results.zip"
    with http.stream("GET", url) as answer:
        pieces = answer.iter_raw(1_000_000)
        next(pieces)
        http.delete(f"{stack.url}/jobs/{second}").raise_for_status()
        with pytest.raises(httpx.TransportError):
            for _ in pieces:
                pass
    rest = {"Range": f"bytes={answer.num_bytes_downloaded}-", "If-Range": answer.headers["ETag"]}
    with http.stream("GET", url, headers=rest) as another:
        assert another.status_code == 200  # not the rest of what it was


def test_what_broke_off_goes_on_where_it_was(stack, batch):
    url = f"{stack.url}/batches/{batch[0]}/results.zip"
    with http.stream("GET", url) as answer:
        next(answer.iter_raw(1_000_000))
    start = int(answer.headers["Content-Length"]) - 400
    rest = {"Range": f"bytes={start}-", "If-Range": answer.headers["ETag"]}
    end = http.get(url, headers=rest)
    assert (end.status_code, len(end.content)) == (206, 400)
    assert end.content[-22:-18] == b"PK\x05\x06"
