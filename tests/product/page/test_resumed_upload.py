"""An upload goes on where it stopped, whoever died."""

from playwright.sync_api import expect

from tests.product.page.desk import Desk
from tests.product.stack import eventually

SLOW = 250_000  # bytes per second: some seconds for the clip, so that there is a middle to be killed in


def test_the_server_dies_in_mid_upload_and_the_page_goes_on_by_itself(desk, media, stack):
    offsets = desk.offsets()
    desk.slow_down(SLOW)
    desk.compress(media / "film.mp4")
    card = desk.card("film.mp4")
    _wait_for_the_middle(card)

    stack.kill("web")
    expect(card).to_contain_text("cannot be reached")
    desk.slow_down(-1)
    stack.start("web")

    desk.wait_for("film.mp4", "completed")
    assert offsets[-1] > 0
    stack.wait_until_ready()


def test_server_and_page_die_in_mid_upload_and_choosing_the_file_again_goes_on(desk, media, stack):
    desk.slow_down(SLOW)
    desk.compress(media / "film.mp4")
    _wait_for_the_middle(desk.card("film.mp4"))

    stack.kill("web")
    second = Desk(desk.page.context.new_page())
    desk.page.close(run_before_unload=False)
    stack.start("web")
    stack.wait_until_ready()
    offsets = second.offsets()
    second.open()
    expect(second.card("film.mp4")).to_contain_text("Not all of it is here yet")
    second.compress(media / "film.mp4")
    expect(second.card("film.mp4")).to_have_count(1)  # the upload has found its job

    second.wait_for("film.mp4", "completed")
    assert offsets[0] > 0
    assert second.defects == []


def test_leaving_the_page_during_an_upload_asks_first(desk, media):
    desk.slow_down(SLOW)
    desk.compress(media / "film.mp4")
    _wait_for_the_middle(desk.card("film.mp4"))

    with desk.page.expect_event("dialog") as asked:
        desk.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def _wait_for_the_middle(card):
    bar = card.locator("progress")
    eventually(lambda: 0.2 < bar.evaluate("bar => bar.value") < 0.9, timeout=30)
