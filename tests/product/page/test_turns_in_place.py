"""What waits is moved and held in place, with the keyboard too, while its card is drawn anew again and again."""

import pytest
from playwright.sync_api import expect

MENU = "[popover]"


@pytest.fixture
def waiting(desk, media):
    """The card of a video that waits behind a long one."""
    desk.compress(media / "long.avi", recipe="Smallest")
    ahead = desk.wait_for("long.avi", "running")
    desk.compress(media / "short.mp4", recipe="Smallest")
    yield desk.wait_for("short.mp4", "queued")
    for card in (desk.card("short.mp4"), ahead):
        card.get_by_role("button", name="Cancel").click()
        expect(card).to_have_count(0)


def test_a_job_is_held_and_released_with_the_keyboard(desk, waiting):
    waiting.get_by_role("button", name="More for short.mp4").focus()
    desk.page.keyboard.press("Enter")
    waiting.get_by_role("button", name="Hold short.mp4").focus()
    desk.page.keyboard.press("Enter")
    expect(waiting).to_contain_text("On hold")
    assert waiting.evaluate("card => card.contains(document.activeElement)")

    waiting.get_by_role("button", name="Release short.mp4").focus()
    desk.page.keyboard.press("Enter")
    expect(waiting).to_contain_text("Next in line")


def test_a_menu_stays_open_when_its_card_is_drawn_anew_and_escape_closes_it(desk, waiting):
    waiting.get_by_role("button", name="More for short.mp4").click()
    put_last = waiting.get_by_role("button", name="Put short.mp4 last")
    put_last.focus()

    waiting.evaluate("card => card.redraw()")

    expect(waiting.locator(MENU)).to_be_visible()
    expect(put_last).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(waiting.locator(MENU)).not_to_be_visible()
    expect(waiting.get_by_role("button", name="More for short.mp4")).to_be_focused()


def test_the_first_of_two_that_wait_is_put_last(desk, media, waiting):
    desk.compress(media / "film.mp4", recipe="Smallest")
    other = desk.wait_for("film.mp4", "queued")
    expect(other).to_contain_text("Number 2 in line")

    waiting.get_by_role("button", name="More for short.mp4").click()
    waiting.get_by_role("button", name="Put short.mp4 last").click()

    expect(waiting).to_contain_text("Number 2 in line")
    expect(other).to_contain_text("Next in line", timeout=30_000)
    other.get_by_role("button", name="Cancel").click()
    expect(other).to_have_count(0)
