"""The image of deploy/Dockerfile: built, started without rights, given a job."""

import os
import uuid

import httpx
import pytest

from tests.product.container.containers import IMAGE, Container, build, run
from tests.product.http import http
from tests.product.stack import eventually


@pytest.fixture(scope="module", autouse=True)
def image():
    build()
    yield
    run("podman", "rmi", "--force", IMAGE)


@pytest.fixture
def volume():
    name = f"compressor-{uuid.uuid4()}"
    run("podman", "volume", "create", name)
    yield name
    run("podman", "volume", "rm", "--force", name)


def is_ready(container: Container) -> bool:
    try:
        return http.get(f"{container.url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def wait_until_ready(container: Container) -> None:
    eventually(lambda: is_ready(container), 60, container.logs)


def is_completed(url: str) -> bool:
    answer = http.get(url)
    assert answer.status_code in (200, 202), answer.text
    return answer.status_code == 200


def test_it_compresses_a_video_and_has_it_after_a_restart(volume, media):
    with Container(volume) as container:
        wait_until_ready(container)
        film = {"file": ("street.mp4", (media / "street.mp4").read_bytes())}
        job = http.post(f"{container.url}/jobs", data={"recipe": "fast"}, files=film).headers["Location"]
        eventually(lambda: is_completed(f"{container.url}{job}"), 120, container.logs)
        assert container.stop() == 0
        container.start()
        wait_until_ready(container)
        assert http.get(f"{container.url}{job}/result").status_code == 200


def test_its_health_check_follows_the_web_process(volume):
    with Container(volume) as container:
        wait_until_ready(container)
        assert container.is_healthy()
        container.execute("sh", "-c", "kill -STOP $(grep -l [c]ompressor.server /proc/[0-9]*/cmdline | cut -d/ -f3)")
        assert not container.is_healthy()


def test_it_runs_as_a_user_that_may_not_change_the_code(volume):
    with Container(volume) as container:
        assert container.execute("id", "--user").strip() == "10001"
        writable = container.execute("find", "/opt", "-writable", "-not", "-type", "l", "-print", "-quit")
        assert writable == ""


def test_any_other_user_can_run_it_on_a_directory_of_its_own(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, 4321, 4321)
    with Container(str(data), "--user=4321:4321") as container:
        wait_until_ready(container)


def test_only_what_runs_is_in_it(volume):
    with Container(volume) as container:
        inside = set(container.execute("ls", "-A", "/opt/compressor").split())
        assert inside & {"tests", "docs", "benchmarks", "var", ".git", ".venv"} == set()
