"""A disk that takes seconds for what others do at once: nobody loses a job by it, and others need not wait."""

import hashlib
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.product.http import http
from tests.product.stack import Stack, eventually
from tests.product.tus.client import Tus

LEASE = 4  # seconds
SLOW = {"PYTHONPATH": str(Path(__file__).parent / "slow_disk"), "SLOW_DISK": "1.5"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("slow"), JOB_LEASE=str(LEASE)) as running:
        for name in ("web", "worker"):
            running.kill(name)
            running.start(name, **SLOW)
        running.wait_until_ready()
        yield running


def test_a_worker_keeps_its_job_though_publishing_takes_longer_than_its_lease(stack, media):
    with (media / "short.mp4").open("rb") as film:
        job = stack.url + http.post(f"{stack.url}/jobs", files={"file": film}).headers["Location"]
    eventually(lambda: _in_phase(job, "publish"), 240, lambda: stack.logs("worker"))
    began = time.monotonic()
    done = eventually(lambda: (told := http.get(job).json()).get("is_final") and told, 240)
    assert time.monotonic() - began > LEASE
    assert (done["state"], done["attempt"]) == ("completed", 1)


def test_others_are_answered_while_an_upload_waits_for_the_disk(stack, media):
    film = (media / "short.mp4").read_bytes()
    tus = Tus(stack)
    upload = tus.create(len(film))["location"]
    proof = "sha256 " + b64encode(hashlib.sha256(film).digest()).decode()
    with ThreadPoolExecutor(1) as beside:
        sending = beside.submit(tus.patch, upload, 0, film, Upload_Checksum=proof)
        waits = []
        while not sending.done():
            began = time.monotonic()
            assert http.get(f"{stack.url}/healthz").status_code == 200
            waits.append(time.monotonic() - began)
    assert sending.result().status == 204
    assert max(waits) < float(SLOW["SLOW_DISK"])


def _in_phase(job: str, phase: str) -> bool:
    told = http.get(job).json()
    return told["state"] == "running" and (told["progress"] or {}).get("phase") == phase
