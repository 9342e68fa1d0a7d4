"""A page that was left in the middle says how to go on, and an upload is never in two places."""

import pytest
from playwright.sync_api import expect

from tests.product.page.desk import Desk
from tests.product.stack import eventually

SLOW = 250_000  # bytes per second


@pytest.fixture
def half_sent(desk, media, stack):
    """film.mp4 was on its way when the server died; the page is opened anew."""
    desk.slow_down(SLOW)
    desk.compress(media / "film.mp4")
    bar = desk.card("film.mp4").locator("progress")
    eventually(lambda: 0.2 < bar.evaluate("bar => bar.value") < 0.9, timeout=30)
    stack.kill("web")
    again = Desk(desk.page.context.new_page())
    desk.page.close(run_before_unload=False)
    stack.start("web")
    stack.wait_until_ready()
    again.open()
    expect(again.card("film.mp4")).to_contain_text("Not all of it is here yet")
    return again


def test_the_hint_how_to_go_on_stays_while_news_come(half_sent):
    card = half_sent.card("film.mp4")
    shown = card.locator("xpath=self::job-card").evaluate(
        """async card => {
            const answer = await fetch(card.dataset.self, { headers: { Accept: "application/json" } });
            card.show({ ...(await answer.json()), received_bytes: 12345 });
            return card.textContent.replace("\u00a0", " "); // before the next news
        }"""
    )
    assert "12.3 kB of" in shown
    assert "Choose the same file again with the same options, and it goes on from here." in shown
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_have_count(0)


def test_the_same_file_with_other_options_takes_the_place_of_what_was_begun(half_sent, media):
    half_sent.compress(media / "film.mp4", recipe="Smallest")
    expect(half_sent.card("film.mp4")).to_have_count(1)
    expect(half_sent.page.locator("job-card[data-state=uploading]")).to_have_count(0)
    card = half_sent.wait_for("film.mp4", "running")
    expect(card).to_contain_text("Smallest")
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_have_count(0)
    half_sent.open()
    expect(half_sent.card("film.mp4")).to_have_count(0)
