"""On choosing videos a person learns what will come of them, before any of it is sent."""

import re

from playwright.sync_api import expect


def choose(desk, *files):
    desk.page.get_by_label("Drop videos here").set_input_files(files)
    return desk.page.locator("job-estimate [data-all]")


def test_what_will_come_of_a_video_is_told_and_follows_what_is_chosen(desk, media):
    said = choose(desk, media / "film.mp4")
    expect(said).to_have_text(re.compile(r"\d+% smaller.*about \d+"))
    first = said.inner_text()
    desk.page.get_by_role("radio", name="Fast").check()
    expect(said).not_to_have_text(first)
    assert desk.page.locator("job-list > job-card, job-list > upload-card").count() == 0


def test_many_are_told_of_each_for_itself_and_all_together(desk, media, tmp_path):
    notes = tmp_path / "notes.mp4"
    notes.write_text("no video")
    said = choose(desk, media / "film.mp4", media / "vp8.webm", notes)
    expect(said).to_have_text(re.compile(r"^2 of 3 videos: "))
    each = desk.page.locator(".chosen [data-told]")
    expect(each).to_have_text([re.compile("smaller|small"), re.compile("smaller|small"), "can’t be told beforehand"])


def test_once_they_are_sent_nothing_is_foretold_any_more(desk, media):
    said = choose(desk, media / "vp8.webm")
    expect(said).not_to_be_empty()
    desk.page.get_by_role("button", name="Compress").click()
    expect(said).to_be_empty()
    desk.wait_for("vp8.webm", "completed")
