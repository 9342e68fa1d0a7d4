"""The real server, and the real worker, killed at the moments in which a job could be lost or made twice."""

import uuid

import httpx
import pytest

from tests.product.http import http
from tests.product.stack import eventually

WINDOWS = {  # when the server dies: whether the client's second request finds the job of its first
    "before the row is committed": False,
    "after the commit, before the queue is told": True,
    "after the queue was told, before the answer": True,
}


class Submitter:
    """A client that names its job, and knows nothing more of it."""

    def __init__(self, stack, video):
        self.stack, self.video, self.key = stack, video, str(uuid.uuid4())

    def submit(self, recipe="fast"):
        with self.video.open("rb") as file:
            fields = {"client_job_id": self.key, "recipe": recipe}
            return http.post(f"{self.stack.url}/jobs", data=fields, files={"file": file})

    def ask(self):
        return http.get(
            f"{self.stack.url}/jobs", params={"client_job_id": self.key}, follow_redirects=True, timeout=60
        )

    def when(self, state):
        return eventually(lambda: (told := self.ask().json()).get("state") == state and told, timeout=240)


@pytest.fixture
def client(stack, media):
    return Submitter(stack, media / "street.mp4")


def die_while_submitting(stack, client, window):
    """The first request meets a server that dies in this window; then the server is there again."""
    restart_web(stack, application="tests.product.crash_app:application", CRASH_AT=window)
    with pytest.raises(httpx.TransportError):
        client.submit()
    restart_web(stack)


def restart_web(stack, **options):
    stack.kill("web")
    stack.start("web", **options)
    stack.wait_until_ready()


@pytest.mark.parametrize("window", WINDOWS)
def test_a_server_that_dies_loses_no_job_and_makes_none_twice(stack, client, window):
    die_while_submitting(stack, client, window)
    again = client.submit()
    assert ("Idempotency-Replayed" in again.headers) == WINDOWS[window]
    completed = client.when("completed")
    assert (completed["id"], completed["attempt"]) == (again.json().get("id"), 1)


def test_a_job_that_was_committed_needs_no_second_request(stack, client):
    die_while_submitting(stack, client, "after the commit, before the queue is told")
    assert client.when("completed")["attempt"] == 1


def test_a_worker_that_dies_while_it_runs_is_replaced(stack, client):
    job_id = client.submit(recipe="balanced").json()["id"]
    client.when("running")
    stack.kill("worker")
    stack.run_out_of_lease(job_id)
    stack.start("worker")
    completed = client.when("completed")
    assert (completed["id"], completed["attempt"]) == (job_id, 2)


def test_a_server_that_dies_after_completion_still_has_the_result(stack, client):
    client.submit()
    client.when("completed")
    restart_web(stack)
    result = client.ask().json()["result"]
    assert len(http.get(f"{stack.url}{result['url']}").content) == result["size"]
