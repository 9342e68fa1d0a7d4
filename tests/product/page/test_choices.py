"""What was chosen is remembered, can be given a name, is tried on a video that is here, and is made by looking."""

import pytest
from playwright.sync_api import expect

from tests.product.page.desk import PATIENCE
from tests.product.stack import eventually


def recipe(desk, name):
    return desk.page.get_by_role("radio", name=name)


def saved(desk):
    return desk.page.get_by_label("Saved choices")


def announced(desk):
    return desk.page.locator("#announcements")


@pytest.fixture
def phone(desk):
    """A choice of this visitor's, saved with the keyboard."""
    recipe(desk, "Smallest").check()
    desk.page.get_by_text("More options").click()
    desk.page.get_by_label("Largest height").select_option("720")
    desk.page.get_by_role("button", name="Save this choice as…").press("Enter")
    desk.page.keyboard.type("Phone")
    desk.page.keyboard.press("Enter")
    expect(announced(desk)).to_have_text("Phone: saved")
    return desk


def test_the_page_remembers_the_last_choice(desk):
    recipe(desk, "Smallest").check()
    desk.page.get_by_text("More options").click()
    desk.page.get_by_label("Largest height").select_option("720")
    desk.open()
    expect(recipe(desk, "Smallest")).to_be_checked()
    expect(desk.page.get_by_label("Largest height")).to_have_value("720")
    expect(desk.page.get_by_label("Largest height")).to_be_visible()


FIRST_PAINT = """
    window.first = [];
    const look = () => first.push(document.querySelector("[value=small]").checked);
    new PerformanceObserver(look).observe({ type: "paint", buffered: true });
"""
DECODE = "all => Promise.all(all.map((img) => ((img.loading = 'eager'), img.decode())))"


def test_the_choice_is_there_before_the_page_is_seen(desk):
    recipe(desk, "Smallest").check()
    desk.page.add_init_script(FIRST_PAINT)
    desk.open()
    eventually(lambda: desk.page.evaluate("first.length > 0"), timeout=30)
    assert desk.page.evaluate("first[0]") is True


def test_a_saved_choice_is_taken_by_its_name(phone):
    recipe(phone, "Fast").check()
    expect(saved(phone)).to_have_value("")
    phone.open()
    saved(phone).select_option("Phone")
    expect(recipe(phone, "Smallest")).to_be_checked()
    expect(phone.page.get_by_label("Largest height")).to_have_value("720")
    expect(announced(phone)).to_have_text("Phone: chosen")


def test_a_saved_choice_is_forgotten(phone):
    phone.page.get_by_role("button", name="Forget this choice").press("Enter")
    expect(announced(phone)).to_have_text("Phone: forgotten")
    phone.open()
    expect(saved(phone)).to_be_hidden()
    expect(phone.page.get_by_role("button", name="Forget this choice")).to_be_hidden()


def test_escape_leaves_naming_and_nothing_is_saved(desk):
    button = desk.page.get_by_role("button", name="Save this choice as…")
    button.press("Enter")
    desk.page.keyboard.type("Nothing")
    desk.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(saved(desk)).to_be_hidden()


def test_another_recipe_is_tried_without_an_upload_and_its_card_joins_the_list(desk, media):
    desk.compress(media / "short.mp4", recipe="Fast")
    first = desk.wait_for("short.mp4", "completed")
    sent = []
    desk.page.on("request", lambda request: request.method == "PATCH" and sent.append(request.url))
    first.get_by_text("Try another recipe").click()
    expect(first.get_by_label("Largest size, MB")).to_be_hidden()
    first.get_by_label("Recipe").select_option("limit")
    expect(first.get_by_label("Quality")).to_be_hidden()
    first.get_by_label("Largest size, MB").fill("0.1")
    first.get_by_role("button", name="Compress again short.mp4").click()
    cards = desk.page.locator("job-card")
    expect(cards).to_have_count(2)
    expect(cards.first.get_by_role("link", name="short.mp4").first).to_be_focused()
    expect(cards.first.locator(".card")).to_have_attribute("data-state", "completed", timeout=PATIENCE)
    assert sent == []


def test_a_quality_is_chosen_by_looking(desk, media):
    desk.page.get_by_text("More options").click()
    desk.page.get_by_label("Try ten seconds first").select_option("yes")
    desk.compress(media / "film.mp4", recipe="Balanced")
    card = desk.card("film.mp4")
    expect(card).to_contain_text("Choose how good it should be", timeout=PATIENCE)
    expect(announced(desk)).to_have_text("film.mp4: Choose how good it should be")
    assert card.locator("compare-slider").count() == 3
    assert len(card.locator("img").evaluate_all(DECODE)) == 6
    card.get_by_role("button", name="Quality 85").press("Enter")
    done = desk.wait_for("film.mp4", "completed")
    expect(done).to_contain_text("VMAF 8")


def test_a_quality_is_chosen_without_javascript(plain_page, media):
    plain_page.goto("/")
    plain_page.get_by_text("More options").click()
    plain_page.get_by_label("Try ten seconds first").select_option("yes")
    plain_page.get_by_label("Choose a video").set_input_files(media / "street.mp4")
    plain_page.get_by_role("button", name="Compress").click()
    expect(plain_page.locator(".status", has_text="Choose how good")).to_be_visible(timeout=PATIENCE)
    plain_page.get_by_role("button", name="Quality 90").click()
    expect(plain_page.get_by_role("link", name="Download")).to_be_visible(timeout=PATIENCE)
