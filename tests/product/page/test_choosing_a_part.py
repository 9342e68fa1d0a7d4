"""A part of a video is chosen by its stills, or in words; the fields are there for everybody."""

from playwright.sync_api import expect

from tests.product.http import http
from tests.product.page.desk import PATIENCE


def chosen(desk, *files):
    desk.page.get_by_text("More options").click()
    desk.page.get_by_label("Drop videos here").set_input_files(files)
    return desk.page.locator("trim-strip")


def test_handles_and_fields_say_the_same(desk, media):
    strip = chosen(desk, media / "film.mp4")
    begin = strip.get_by_role("slider", name="Begin at")
    expect(begin).to_be_visible(timeout=PATIENCE)
    expect(strip.locator("[data-length]")).to_have_text("It is 0:22 long.")
    field = strip.get_by_role("textbox", name="Begin at")
    begin.press("PageUp")
    begin.press("ArrowRight")
    expect(field).to_have_value("0:10.1")
    expect(begin).to_have_attribute("aria-valuetext", "0:10.1")
    field.fill("0:12")
    expect(begin).to_have_attribute("aria-valuetext", "0:12")
    begin.press("Home")
    expect(field).to_have_value("")


def test_a_handle_stays_on_its_side_of_the_other(desk, media):
    strip = chosen(desk, media / "film.mp4")
    end = strip.get_by_role("slider", name="End at")
    expect(end).to_be_visible(timeout=PATIENCE)
    strip.get_by_role("textbox", name="Begin at").fill("20")
    for _ in range(3):
        end.press("PageDown")
    field = strip.get_by_role("textbox", name="End at")
    expect(field).to_have_value("0:20.1")
    field.fill("0:19")
    assert field.evaluate("field => field.validationMessage") == "The end must come after the beginning."


def test_what_cannot_be_played_or_is_several_has_the_fields_alone(desk, media):
    strip = chosen(desk, media / "tape.mpeg")
    expect(strip.get_by_role("textbox", name="Begin at")).to_be_visible()
    desk.page.wait_for_timeout(1000)
    expect(strip.get_by_role("slider")).to_have_count(0)
    desk.page.get_by_label("Drop videos here").set_input_files([media / "film.mp4", media / "short.mp4"])
    expect(strip.get_by_role("slider")).to_have_count(0)


def test_the_part_is_made_and_the_next_video_is_not_cut(desk, media, stack):
    strip = chosen(desk, media / "film.mp4")
    strip.get_by_role("textbox", name="Begin at").fill("0:10")
    strip.get_by_role("textbox", name="End at").fill("0:12.5")
    desk.page.get_by_role("radio", name="Fast").check()
    desk.page.get_by_role("button", name="Compress").click()
    card = desk.wait_for("film.mp4", "completed")
    job = http.get(stack.url + card.locator("a").first.get_attribute("href").replace("/watch/", "/jobs/")).json()
    assert (job["recipe"]["start"], job["recipe"]["end"]) == (10, 12.5)
    assert abs(job["result"]["duration"] - 2.5) < 0.05
    assert job["last_modified"]
    expect(strip.get_by_role("textbox", name="Begin at")).to_have_value("")


def test_a_part_that_is_not_there_is_refused_in_words(desk, media):
    strip = chosen(desk, media / "short.mp4")
    strip.get_by_role("textbox", name="Begin at").fill("1:00")
    desk.page.get_by_role("radio", name="Fast").check()
    desk.page.get_by_role("button", name="Compress").click()
    card = desk.wait_for("short.mp4", "failed")
    expect(card).to_contain_text("begins at 1:00, but the video ends at 0:01")
