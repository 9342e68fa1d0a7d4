"""The guide's client for browsers, in a browser: it ends with the result, and finds its job after a crash."""

import base64

import pytest
from playwright.sync_api import Route

from tests.conftest import ROOT

CLIENT = ROOT / "docs" / "clients" / "compress.js"
FOLLOW = """async ({source, name, bytes, crashes}) => {
    const module = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    const {compress} = await import(module);
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
    def run(clip: str, *, crashes: bool = False) -> list[dict]:
        bytes_ = base64.b64encode((media / clip).read_bytes()).decode()
        given = {"source": CLIENT.read_text(), "name": clip, "bytes": bytes_, "crashes": crashes}
        return desk.page.evaluate(FOLLOW, given)

    return run


def test_it_follows_a_job_to_its_result(follow):
    seen = follow("realshort.mp4")
    assert seen[-1]["state"] == "completed"
    assert seen[-1]["result"]["url"]
    revisions = [job["revision"] for job in seen]
    assert revisions == sorted(set(revisions))


def test_after_a_crash_it_finds_the_job_that_it_had_named(follow, desk):
    (first,) = follow("walk.mkv", crashes=True)
    desk.page.reload()
    again = follow("walk.mkv")
    assert {job["id"] for job in again} == {first["id"]}
    assert again[-1]["state"] == "completed"


def test_while_queued_it_sends_back_the_etag_it_got_and_waits(desk):
    """A server of the test's own: the place in line is part of a queued job's ETag."""
    queued = {"id": "1", "state": "queued", "revision": 1, "is_final": False, "links": {"self": "/jobs/1"}}
    ended = {**queued, "state": "completed", "revision": 2, "is_final": True}
    asked: list[str | None] = []

    def answer(route: Route) -> None:
        if "client_job_id" in route.request.url:
            route.fulfill(status=202, json=queued, headers={"ETag": '"1.3"'})
            return
        asked.append(route.request.headers.get("if-none-match"))
        if len(asked) == 1:
            route.fulfill(status=202, json=queued, headers={"ETag": '"1.2"'})
        else:
            route.fulfill(status=200, json=ended, headers={"ETag": '"2"'})

    desk.page.route("**/jobs?client_job_id=*", answer)
    desk.page.route("**/jobs/1", answer)
    given = {"source": CLIENT.read_text(), "name": "film.mp4", "bytes": "", "crashes": False}
    seen = desk.page.evaluate(FOLLOW, given)
    assert [job["state"] for job in seen] == ["queued", "completed"]
    assert asked == ['"1.3"', '"1.2"']
