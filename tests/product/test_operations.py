"""What docs/operators.md says of an installation's life: its own lines, pasted, on a copy that runs."""

import re
import shutil
import sqlite3
import subprocess
import time
import uuid
from pathlib import Path

import pytest

from tests.product.http import http
from tests.product.stack import ROOT, Stack, eventually

GUIDE = (ROOT / "docs/operators.md").read_text()


def paste(heading: str, **environment: str) -> None:
    """Run the lines below a heading of the guide."""
    lines = re.search(rf"^## {heading}\n.*?```sh\n(.*?)```", GUIDE, re.MULTILINE | re.DOTALL)[1]
    subprocess.run(["sh", "-c", lines], env={"PATH": "/usr/bin:/bin", **environment}, check=True)


def submit(url: str, film: Path, **options: str) -> str:
    answer = http.post(f"{url}/jobs", data=options, files={"file": (film.name, film.read_bytes())})
    assert answer.status_code == 202, answer.text
    return answer.headers["Location"]


def state_of(url: str, job: str) -> str:
    return http.get(f"{url}{job}").json()["state"]


def is_completed(url: str, job: str) -> bool:
    answer = http.get(f"{url}{job}")
    assert answer.status_code in (200, 202), answer.text
    return answer.status_code == 200


@pytest.fixture(scope="module")
def restored(stack, media, tmp_path_factory):
    """A copy restored from a backup that was made while a job ran, with what the first copy knew."""
    done = submit(stack.url, media / "street.mp4", recipe="fast")
    eventually(lambda: is_completed(stack.url, done), timeout=120)
    under_way = submit(stack.url, media / "film.mp4", recipe="balanced")
    eventually(lambda: state_of(stack.url, under_way) == "running")

    backup, data_dir = tmp_path_factory.mktemp("backup") / "today", tmp_path_factory.mktemp("restored") / "var"
    paste("Backup", DATA_DIR=str(stack.data_dir), BACKUP=str(backup))
    known = http.get(f"{stack.url}{done}").json()
    result = http.get(f"{stack.url}{done}/result").content
    http.delete(f"{stack.url}{under_way}")

    paste("Restore", DATA_DIR=str(data_dir), BACKUP=str(backup))
    with Stack(data_dir) as running:
        running.run_out_of_lease(under_way.rpartition("/")[2])
        yield running, known, result, under_way


def test_a_result_is_there_again_after_a_restore(restored):
    copy, known, result, _ = restored
    assert http.get(f"{copy.url}{known['links']['self']}").json() == known
    assert http.get(f"{copy.url}{known['result']['url']}").content == result


def test_a_job_that_ran_during_the_backup_is_compressed_by_the_restored_copy(restored):
    copy, *_, under_way = restored
    eventually(lambda: is_completed(copy.url, under_way), timeout=180)


def test_a_backup_is_for_its_owner_alone(stack, tmp_path):
    paste("Backup", DATA_DIR=str(stack.data_dir), BACKUP=str(tmp_path / "backup"))
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


@pytest.fixture
def release_0_1_0(media, tmp_path):
    """The data directory of a copy of 0.1.0, in whose queue a job waits."""
    old, job_id = Stack(tmp_path / "var"), uuid.uuid4()
    source = old.data_dir / "media" / "jobs" / str(job_id) / "source"
    source.parent.mkdir(parents=True)
    shutil.copy(media / "street.mp4", source)
    old.manage("migrate", "jobs", "0001", "--skip-checks", "--verbosity=0")
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    blank = dict.fromkeys(["visitor", "sha256", "outcome", "error_code", "error_detail", "log", "worker"], "")
    times = dict.fromkeys(["created_at", "queued_at", "heartbeat_at"], now)
    numbers = {"revision": 1, "attempt": 1, "losses": 0, "size": source.stat().st_size}
    row = {"id": job_id.hex, "state": "queued", "filename": "street.mp4", "recipe": '{"name": "fast"}'}
    row |= blank | times | numbers
    with sqlite3.connect(old.data_dir / "db.sqlite3") as database:
        columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        database.execute(f"INSERT INTO jobs_job ({columns}) VALUES ({places})", row)  # noqa: S608  our own names
    database.close()
    return old, f"/jobs/{job_id}"


def test_a_job_that_waited_in_0_1_0_is_compressed_after_the_upgrade(release_0_1_0):
    copy, job = release_0_1_0
    with copy:
        eventually(lambda: is_completed(copy.url, job), timeout=120)
        assert http.get(f"{copy.url}{job}").json()["recipe"]["name"] == "fast"
