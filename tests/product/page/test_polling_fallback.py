"""Where the socket is of no use the page polls, says so, and comes to the same end."""

import pytest
from playwright.sync_api import expect

from tests.product.page.desk import PATIENCE

FOLLOW = """async () => {
    const { JobFeed } = await import("/static/js/job_feed.js");
    const watcher = { onSnapshot() {}, onTransport() {}, onGone() {} };
    new JobFeed({ self: "/nowhere", events: "/ws/nowhere" }, watcher).start();
}"""
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new DOMException('forbidden', 'SecurityError'); } };"


def _impossible(page):
    page.add_init_script(NO_SOCKETS)


def _refused(page):
    page.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))


def _silent(page):
    page.route_web_socket("**/ws/**", lambda socket: None)  # opened, and nothing is ever said


@pytest.mark.parametrize("sockets", [_impossible, _refused, _silent])
def test_without_a_socket_that_speaks_the_page_polls_and_says_so(desk, media, sockets):
    sockets(desk.page)
    desk.open()
    desk.compress(media / "film.mp4", recipe="Balanced")
    desk.wait_for("film.mp4", "completed")

    assert "Polling" in desk.seen()
    assert "Live" not in desk.seen()


def test_while_there_is_nothing_new_the_last_advice_stands(desk):
    """Else a page with hundreds of videos that wait would ask for all of them every other second."""
    polls = []

    def answer(route):
        polls.append(route.request)
        advice = {"status": 202, "json": {"state": "queued"}, "headers": {"Retry-After": "4", "ETag": '"1"'}}
        route.fulfill(**advice if len(polls) == 1 else {"status": 304})

    _silent(desk.page)
    desk.page.clock.install()
    desk.page.route("**/nowhere", answer)
    desk.open()
    desk.page.evaluate(FOLLOW)
    for _ in range(13):  # asked after 6 seconds of silence, then after 4 more
        desk.page.clock.run_for(1000)
        desk.page.wait_for_timeout(100)  # for the answer
    assert len(polls) == 2  # and again after 14


def test_a_socket_that_falls_silent_is_not_waited_for(desk, media):
    def first_word_only(socket):
        server = socket.connect_to_server()
        heard = []
        server.on_message(lambda message: heard or (heard.append(message), socket.send(message)))

    desk.page.route_web_socket("**/ws/**", first_word_only)
    desk.open()
    desk.compress(media / "long.avi", recipe="Smallest")
    card = desk.wait_for("long.avi", "running")
    expect(card.locator("[data-transport]")).to_have_text("Polling", timeout=PATIENCE)
    before = card.locator("[data-percent]").inner_text()
    expect(card.locator("[data-percent]")).not_to_have_text(before, timeout=PATIENCE)
    card.get_by_role("button", name="Cancel").click()

    expect(card).to_have_count(0)
    assert "Live" in desk.seen()
