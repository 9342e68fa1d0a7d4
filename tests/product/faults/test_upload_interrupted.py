"""What becomes of a resumable upload when its connection, its server or its client dies in the middle."""

import base64
import hashlib
import http.client
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.product.server_process import ROOT
from tests.product.stack import eventually
from tests.product.tus.client import OCTETS

MIB = 1024 * 1024


class Sender:
    """A PATCH that has sent only a part of its body, and is still connected."""

    def __init__(self, tus, path, offset, announced, data, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", tus.server.port, timeout=60)
        self.connection.putrequest("PATCH", path)
        fields = {"Tus-Resumable": "1.0.0", "Content-Type": OCTETS, "Upload-Offset": offset} | headers
        for name, value in ({"Content-Length": announced} | fields).items():
            self.connection.putheader(name, str(value))
        self.connection.endheaders()
        self.connection.send(data)

    def finish(self, data=b""):
        self.connection.send(data)
        return self.connection.getresponse().status

    def vanish(self):
        self.connection.close()


def wait_for_offset(tus, path, offset):
    eventually(lambda: tus.head(path).offset == offset, explain=lambda: f"it is {tus.head(path).offset}, not {offset}")


def source_of(web, path):
    return Path(web.data, "media/jobs", path.rpartition("/")[2], "source")


def sha1(data):
    return "sha1 " + base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def test_what_came_before_a_disconnect_is_kept(tus, web):
    data = os.urandom(5 * MIB)
    path = tus.upload(len(data))
    Sender(tus, path, 0, len(data), data[: 3 * MIB]).vanish()
    wait_for_offset(tus, path, 3 * MIB)
    assert tus.patch(path, 3 * MIB, data[3 * MIB :]).offset == len(data)
    assert source_of(web, path).read_bytes() == data


def test_what_came_before_kill_9_is_kept(tus, web):
    data = os.urandom(5 * MIB)
    path = tus.upload(len(data))
    cut_off = Sender(tus, path, 0, len(data), data[: 2 * MIB])
    wait_for_offset(tus, path, 2 * MIB)
    web.kill()
    web.start()
    cut_off.vanish()
    assert tus.head(path).offset == 2 * MIB
    assert tus.patch(path, 2 * MIB, data[2 * MIB :]).offset == len(data)
    assert tus.job(path)["state"] == "queued"
    assert source_of(web, path).read_bytes() == data


def test_unproven_bytes_do_not_outlive_a_disconnect(tus):
    path = tus.upload(10)
    tus.patch(path, 0, b"123")
    Sender(tus, path, 3, 7, b"4567", **{"Upload-Checksum": sha1(b"4567890")}).vanish()
    assert tus.head(path).offset == 3
    eventually(lambda: tus.patch(path, 3, b"4567890").status == 204)
    assert tus.head(path).offset == 10


def test_unproven_bytes_do_not_outlive_kill_9(tus, web):
    path = tus.upload(10)
    tus.patch(path, 0, b"123")
    cut_off = Sender(tus, path, 3, 7, b"4567", **{"Upload-Checksum": sha1(b"4567890")})
    while source_of(web, path).stat().st_size < 7:
        time.sleep(0.05)
    assert tus.head(path).offset == 3
    web.kill()
    web.start()
    cut_off.vanish()
    assert tus.head(path).offset == 3
    assert tus.patch(path, 3, b"4567890").offset == 10
    assert source_of(web, path).read_bytes() == b"1234567890"


def test_an_upload_whose_server_died_before_the_last_answer_is_queued_by_the_sweep(tus, web):
    path = tus.upload(10)
    tus.patch(path, 0, b"12345")
    with source_of(web, path).open("ab") as source:  # as a server does that is killed just after
        source.write(b"67890")
    assert tus.job(path)["state"] == "uploading"
    assert tus.head(path).offset == 10
    eventually(lambda: sweep(web) and tus.job(path)["state"] == "queued")


def sweep(web):
    command = [sys.executable, "manage.py", "sweep", "--once"]
    return subprocess.run(command, env=web.environment, cwd=ROOT, check=True, capture_output=True).stdout


def test_a_second_sender_is_refused_while_the_first_is_alive(tus, web):
    path = tus.upload(10)
    first = Sender(tus, path, 0, 10, b"12345")
    wait_for_offset(tus, path, 5)
    answer = tus.patch(path, 5, b"XXXXX")
    assert (answer.status, answer.code, answer["Retry-After"]) == (423, "upload_locked", "1")
    assert first.finish(b"67890") == 204
    assert source_of(web, path).read_bytes() == b"1234567890"


def test_many_senders_at_once_cannot_corrupt_an_upload(tus, web):
    data = os.urandom(20 * MIB)
    path = tus.upload(len(data))
    statuses = []

    def send(start):
        statuses.append(tus.patch(path, start, data[start : start + 4 * MIB]).status)

    while (offset := tus.head(path).offset) < len(data):
        threads = [threading.Thread(target=send, args=[offset]) for _ in range(6)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert statuses.count(204) == 5
    assert set(statuses) <= {204, 409, 423}
    assert source_of(web, path).read_bytes() == data


def test_a_sender_that_falls_silent_loses_the_lock(tus):
    """Its connection broke unnoticed; its client, back already, must not be kept out."""
    path = tus.upload(10)
    silent = Sender(tus, path, 0, 10, b"12345")
    wait_for_offset(tus, path, 5)
    assert tus.patch(path, 5, b"67890").status == 423
    eventually(lambda: tus.patch(path, 5, b"67890").status == 204)
    silent.vanish()


def test_terminating_an_upload_stops_its_sender(tus, web):
    path = tus.upload(100 * MIB)
    sender = Sender(tus, path, 0, 100 * MIB, bytes(MIB))
    wait_for_offset(tus, path, MIB)
    assert tus.ask("DELETE", path).status == 204
    for _ in range(25):  # bytes go on coming, so that silence is not what ends it
        sender.connection.send(bytes(1000))
        time.sleep(0.1)
    assert sender.finish(bytes(1000)) == 410
    assert tus.head(path).status == 410
    assert not source_of(web, path).parent.exists()


def test_a_large_patch_goes_to_the_disk_as_it_comes(tus, web):
    size = 100 * MIB
    path = tus.upload(size)
    sender = Sender(tus, path, 0, size, bytes(size // 2))
    eventually(lambda: source_of(web, path).stat().st_size == size // 2)
    assert sender.finish(bytes(size // 2)) == 204
