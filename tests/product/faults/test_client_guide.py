"""The client's guide is true: its lines work when pasted, its clients survive being killed."""

import json
import re
import shutil
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT
from tests.product.page.desk import is_playable

GUIDE = ROOT / "docs" / "clients.md"
CLIENT = ROOT / "docs" / "clients" / "compress.py"


@pytest.fixture
def film(media, tmp_path):
    return shutil.copy(media / "world.mp4", tmp_path / "film.mp4")


def pasted(section, stack, folder):
    """Run a section's shell lines as they stand, but for the address."""
    text = GUIDE.read_text().partition(f"## {section}")[2]
    lines = re.search(r"```sh\n(.*?)```", text, re.DOTALL)[1].replace("http://localhost:8000", stack.url)
    return subprocess.run(["bash", "-e"], input=lines, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_curl_lines_submit_follow_and_fetch(stack, film, tmp_path):
    said = pasted("Lines to paste", stack, tmp_path)
    assert "202 Accepted" in said
    assert (tmp_path / "small.mp4").stat().st_size < film.stat().st_size
    assert is_playable(tmp_path / "small.mp4")
    assert json.loads((tmp_path / "job.json").read_text())["state"] == "completed"


def test_the_python_client_says_what_it_needs(tmp_path):
    bare = [sys.executable, "-I", "-S", CLIENT, tmp_path / "film.mp4", "http://localhost:1"]
    refused = subprocess.run(bare, check=False, capture_output=True, text=True)
    assert refused.returncode == 1
    assert refused.stderr.strip() == "This needs httpx: python -m pip install httpx"


def test_another_film_under_the_same_name_gets_its_own_result(stack, film, media, tmp_path):
    command = [sys.executable, CLIENT, film, stack.url]
    subprocess.run(command, check=True, timeout=60)
    first = (tmp_path / "small-film.mp4").read_bytes()
    shutil.copy(media / "realshort.mp4", film)
    subprocess.run(command, check=True, timeout=60)
    assert (tmp_path / "small-film.mp4").read_bytes() != first


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
    assert again.stdout.strip() == str(tmp_path / "small-film.mp4")
    assert (tmp_path / "small-film.mp4").stat().st_size < film.stat().st_size
