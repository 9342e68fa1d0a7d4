"""The guide's client for browsers, in a browser: it ends with the result, and finds its job after a crash."""

import base64
import threading

import pytest

from tests.conftest import ROOT

CLIENT = ROOT / "docs" / "clients" / "compress.js"
FOLLOW = """async ({name, bytes, crashes}) => {
    const {compress} = await import("/compress.js");
    const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    const seen = [];
    for await (const job of compress(new File([content], name, {lastModified: 1}))) {
        seen.push(job);
        if (crashes) break;
    }
    return seen;
}"""


@pytest.fixture
def follow(desk, media):
    script = {"body": CLIENT.read_text(), "content_type": "text/javascript"}
    desk.page.route("**/compress.js", lambda route: route.fulfill(**script))  # a page of ours that carries it

    def run(clip: str, *, crashes: bool = False) -> list[dict]:
        bytes_ = base64.b64encode((media / clip).read_bytes()).decode()
        given = {"name": clip, "bytes": bytes_, "crashes": crashes}
        return desk.page.evaluate(FOLLOW, given)

    return run


def test_it_follows_a_job_to_its_result(follow):
    seen = follow("short.mp4")
    assert seen[-1]["state"] == "completed"
    assert seen[-1]["result"]["url"]
    revisions = [job["revision"] for job in seen]
    assert revisions == sorted(set(revisions))


def test_after_a_crash_it_finds_the_job_that_it_had_named(follow, desk):
    (first,) = follow("full-range.mkv", crashes=True)
    desk.page.reload()
    again = follow("full-range.mkv")
    assert {job["id"] for job in again} == {first["id"]}
    assert again[-1]["state"] == "completed"


def test_while_it_waits_in_line_its_question_is_held(follow, desk, stack):
    asked = []
    desk.page.on("request", lambda request: "/jobs/" in request.url and asked.append(request.url))
    stack.kill("worker")
    try:
        threading.Timer(4, lambda: stack.start("worker")).start()
        seen = follow("short.mp4")
    finally:
        if "worker" not in stack.processes:
            stack.start("worker")
    assert seen[-1]["state"] == "completed"
    assert len(asked) <= len(seen) + 3  # one for each news, none in between
