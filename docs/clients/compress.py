"""Compress a video, surviving crashes on either side: python compress.py film.mp4 http://localhost:8000

Run it again after a crash, however late: it finds its job by the id that it noted before the first byte left.
"""

import datetime
import email.utils
import functools
import os
import pathlib
import sys
import time
import uuid

try:
    import httpx
except ImportError:
    sys.exit("This client needs httpx. Install it: python3 -m pip install httpx")

BUSY = {409, 429, 502, 503, 504}  # not now; the same request again is safe


def note_id(film: pathlib.Path) -> str:
    """The same as long as the film is the same; another film under its name gets another."""
    facts = film.stat()
    fingerprint = f"{facts.st_size}-{facts.st_mtime_ns}"
    note = film.with_suffix(".job-id")
    if not note.exists() or not note.read_text().startswith(f"{fingerprint} "):
        note.write_text(f"{fingerprint} {uuid.uuid4()}")
    return note.read_text().split(" ")[1]


def persist(ask) -> httpx.Response:
    """Ask until there is an answer that means something."""
    pause = 1
    while True:
        try:
            answer = ask()
        except httpx.TransportError:
            time.sleep(pause := min(pause * 2, 60))
            continue
        if answer.status_code not in BUSY:
            return answer
        time.sleep(int(answer.headers.get("Retry-After", "5")))


def fetch(http: httpx.Client, url: str, target: pathlib.Path) -> httpx.Response:
    """Writes the file as it comes, unless the answer is another than that."""
    with http.stream("GET", url) as answer:
        if answer.status_code != 200:
            answer.read()
            return answer
        with target.open("wb") as file:
            for chunk in answer.iter_bytes():
                file.write(chunk)
    if told := answer.headers.get("Last-Modified"):  # so that it sorts by the day it was filmed
        moment = email.utils.parsedate_to_datetime(told).timestamp()
        os.utime(target, (moment, moment))
    return answer


def compress(film: pathlib.Path, server: str) -> pathlib.Path:
    key = note_id(film)
    with httpx.Client(base_url=server, timeout=90, follow_redirects=True) as http:
        answer = persist(lambda: http.get("/jobs", params={"client_job_id": key}))
        if answer.status_code == 404:
            filmed = datetime.datetime.fromtimestamp(film.stat().st_mtime).astimezone()
            data = {"client_job_id": key, "last_modified": filmed.isoformat(timespec="seconds")}
            answer = persist(lambda: http.post("/jobs", data=data, files={"file": film.open("rb")}))
        while answer.status_code == 202:
            job = answer.json()["links"]["self"]
            headers = {"Prefer": "wait=60", "If-None-Match": answer.headers["ETag"]}
            newer = persist(functools.partial(http.get, job, headers=headers))
            answer = newer if newer.status_code != 304 else answer
        if answer.status_code != 200:
            sys.exit(f"{answer.json()['title']}: {answer.json()['detail']}")
        target = film.with_name(answer.json()["result"]["filename"])
        if target == film:  # it was small already
            target = film.with_name(f"small-{film.name}")
        fetched = persist(functools.partial(fetch, http, answer.json()["result"]["url"], target))
        if fetched.status_code != 200:
            sys.exit(f"{fetched.json()['title']}: {fetched.json()['detail']}")
    return target


if __name__ == "__main__":
    print(compress(pathlib.Path(sys.argv[1]), sys.argv[2]))
