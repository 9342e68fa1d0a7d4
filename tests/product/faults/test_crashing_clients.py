"""Many clients at once, each of which crashes at a random step and comes back under its client job id."""

import random
import socket
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from jobs.encoding import ffmpeg_binary
from tests.product.http import http

CLIENTS = 24


@pytest.fixture(scope="module")
def clip(media, tmp_path_factory):
    """Half a second of real video, so that many of them are compressed soon."""
    path = tmp_path_factory.mktemp("clips") / "short.mp4"
    cut = ["-t", "0.5", "-vf", "scale=160:-2", "-crf", "10", "-an", str(path)]
    subprocess.run([ffmpeg_binary(), "-loglevel", "error", "-i", media / "street.mp4", *cut], check=True)
    return path.read_bytes()


def fields(key):
    return {"client_job_id": key, "recipe": "fast"}


def half_a_request(url, key, clip):
    """Crash while sending: part of the body, then nothing."""
    request = httpx.Request("POST", f"{url}/jobs", data=fields(key), files={"file": ("a.mp4", clip)})
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    with socket.create_connection((request.url.host, request.url.port)) as connection:
        connection.sendall(f"POST /jobs HTTP/1.1\r\n{head}\r\n".encode() + request.read()[: len(clip) // 2])


def whole_request_unanswered(url, key, clip):
    """Crash before reading the answer."""
    request = httpx.Request("POST", f"{url}/jobs", data=fields(key), files={"file": ("a.mp4", clip)})
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    with socket.create_connection((request.url.host, request.url.port)) as connection:
        connection.sendall(f"POST /jobs HTTP/1.1\r\n{head}\r\n".encode() + request.read())


def submit(url, key, clip):
    """Crash after the answer, before following the job."""
    return http.post(f"{url}/jobs", data=fields(key), files={"file": ("a.mp4", clip)})


def nothing(url, key, clip):
    """Crash before the first byte."""


def one_client(url, clip):
    key = str(uuid.uuid4())
    random.choice([nothing, half_a_request, whole_request_unanswered, submit])(url, key, clip)
    answer = submit(url, key, clip)  # the client is back, and does what it would have done
    while answer.status_code in {202, 304, 409}:
        time.sleep(1)
        answer = http.get(f"{url}/jobs", params={"client_job_id": key}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    result = http.get(f"{url}{answer.json()['result']['url']}")
    assert result.status_code == 200
    return key, answer.json()["id"], len(result.content) == answer.json()["result"]["size"]


def test_each_gets_one_job_and_one_result(stack, clip):
    before = int(stack.manage("shell", "-v0", "-c", "from jobs.models import Job; print(Job.objects.count())"))
    with ThreadPoolExecutor(20) as pool:
        ends = list(pool.map(lambda _: one_client(stack.url, clip), range(CLIENTS)))
    after = int(stack.manage("shell", "-v0", "-c", "from jobs.models import Job; print(Job.objects.count())"))
    assert after - before == CLIENTS
    assert len({job_id for _, job_id, _ in ends}) == CLIENTS
    assert all(whole for _, _, whole in ends)
