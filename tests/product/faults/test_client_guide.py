"""The client's guide is true: its lines work when pasted, its clients survive being killed."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT
from tests.product.http import http
from tests.product.page.desk import is_playable

GUIDE = ROOT / "docs" / "clients.md"
FILMED = 1_714_559_400.0  # seconds: 1 May 2024
CLIENT = ROOT / "docs" / "clients" / "compress.py"


@pytest.fixture
def film(media, tmp_path):
    path = shutil.copy(media / "film.mp4", tmp_path / "film.mp4")
    os.utime(path, (FILMED, FILMED))
    return path


def pasted(section, stack, folder):
    """Run a section's shell lines as they stand, but for the address."""
    text = GUIDE.read_text().partition(f"## {section}")[2]
    lines = re.search(r"```sh\n(.*?)```", text, re.DOTALL)[1].replace("http://localhost:8000", stack.url)
    return subprocess.run(["bash", "-e"], input=lines, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_curl_lines_submit_follow_and_fetch(stack, film, tmp_path):
    said = pasted("Lines to paste", stack, tmp_path)
    assert "202 Accepted" in said
    assert is_playable(tmp_path / "small.mp4")
    assert (tmp_path / "small.mp4").stat().st_size < film.stat().st_size
    assert (tmp_path / "small.mp4").stat().st_mtime == FILMED
    job = json.loads((tmp_path / "job.json").read_text())
    assert job["state"] == "completed"
    last = http.get(stack.url + job["links"]["self"])
    assert (last.status_code, last.json()["code"]) == (410, "job_expired")  # deleted by the last line, not canceled


def test_the_announced_upload_says_where_the_bytes_go(stack, film, tmp_path):
    assert '"upload": "/uploads/' in pasted("Large files", stack, tmp_path)


@pytest.mark.parametrize("lifetime", [0.3, 0.8, 1.5])
def test_the_python_client_finds_its_job_after_being_killed(stack, film, tmp_path, lifetime):
    command = [sys.executable, CLIENT, film, stack.url]
    first = subprocess.Popen(command)
    time.sleep(lifetime)
    first.kill()
    first.wait()
    again = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert again.stdout.strip() == str(tmp_path / "film-small.mp4")
    assert (tmp_path / "film-small.mp4").stat().st_size < film.stat().st_size
    assert (tmp_path / "film-small.mp4").stat().st_mtime == FILMED


def test_another_film_under_the_same_name_gets_a_job_of_its_own(stack, film, media, tmp_path):
    command = [sys.executable, CLIENT, film, stack.url]
    subprocess.run(command, timeout=60, check=True, capture_output=True)
    first = (tmp_path / "film-small.mp4").read_bytes()
    shutil.copy(media / "street.mp4", film)
    os.utime(film)
    subprocess.run(command, timeout=60, check=True, capture_output=True)
    assert (tmp_path / "film-small.mp4").read_bytes() != first


def test_the_python_client_says_what_it_needs(tmp_path):
    (tmp_path / "httpx.py").write_text("raise ImportError")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, CLIENT], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == "This client needs httpx. Install it: python3 -m pip install httpx\n"
