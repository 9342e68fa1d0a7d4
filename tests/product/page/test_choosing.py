"""Choosing videos and how to compress them: everything is seen, within reach, and said where it is wrong."""

import pytest
from playwright.sync_api import expect

DROP = """files => {
    const transfer = new DataTransfer();
    for (const name of files) transfer.items.add(new File(["not a video"], name, { lastModified: 1 }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def chosen(desk) -> list[str]:
    return desk.page.locator(".chosen li > :first-child").all_inner_texts()


def compress(desk):
    return desk.page.get_by_role("button", name="Compress", exact=True)


@pytest.mark.parametrize("size", [(1440, 900), (1366, 768), (390, 844), (375, 667)])
def test_the_button_is_in_sight_before_and_after_videos_were_chosen(desk, size):
    desk.page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(compress(desk)).to_be_in_viewport(ratio=1)
    desk.page.evaluate(DROP, [f"a rather long name of a video {number}.mp4" for number in range(40)])
    expect(compress(desk)).to_be_in_viewport(ratio=1)


def test_what_is_dropped_joins_what_was_chosen_and_the_same_file_twice_is_one(desk, media):
    desk.page.get_by_label("Drop videos here").set_input_files(media / "short.mp4")
    desk.page.evaluate(DROP, ["one.mp4", "two.mp4"])
    desk.page.evaluate(DROP, ["two.mp4"])
    desk.page.get_by_label("Drop videos here").set_input_files(media / "film.mp4")
    assert chosen(desk) == ["short.mp4", "one.mp4", "two.mp4", "film.mp4"]
    expect(desk.page.locator("#announcements")).to_contain_text("4 videos")


def test_one_is_taken_away_with_the_keyboard(desk):
    desk.page.evaluate(DROP, ["one.mp4", "two.mp4"])
    desk.page.get_by_role("button", name="Remove one.mp4").focus()
    desk.page.keyboard.press("Enter")
    assert chosen(desk) == ["two.mp4"]
    expect(desk.page.get_by_role("button", name="Remove two.mp4")).to_be_focused()
    desk.page.keyboard.press("Enter")
    assert chosen(desk) == []
    expect(desk.page.get_by_label("Drop videos here")).to_be_focused()


def test_what_is_dropped_far_below_is_brought_into_sight(desk):
    desk.page.set_viewport_size({"width": 390, "height": 500})
    desk.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    desk.page.evaluate(DROP, ["one.mp4"])
    expect(desk.page.locator(".chosen")).to_be_in_viewport()


def test_a_limit_that_was_typed_and_given_up_does_not_hold_the_form_back(desk, media):
    desk.page.get_by_role("radio", name="Fit a size").check()
    desk.page.get_by_label("Another size in megabytes").fill("0.05")
    desk.compress(media / "short.mp4", recipe="Fast")
    desk.wait_for("short.mp4", "completed")


def test_a_fault_in_the_closed_fold_is_shown_where_it_is(desk, media):
    desk.page.get_by_text("More options").click()
    desk.page.get_by_label("Quality").fill("150")
    desk.page.get_by_text("More options").click()
    desk.page.get_by_label("Drop videos here").set_input_files(media / "short.mp4")
    compress(desk).click()
    expect(desk.page.get_by_label("Quality")).to_be_focused()
    expect(desk.page.get_by_label("Quality")).to_be_visible()
    assert desk.page.locator("upload-card").count() == 0


def test_what_does_not_go_together_is_not_offered_together(desk):
    page = desk.page
    page.get_by_text("More options").click()
    page.get_by_label("Codec").select_option("av1")
    page.get_by_role("radio", name="Fit a size").check()
    expect(page.get_by_label("Codec")).to_have_value("")
    assert page.locator("option[value=av1]").evaluate("option => option.disabled && option.hidden")
    expect(page.get_by_label("Quality")).to_be_hidden()
    page.get_by_label("Sound", exact=True).select_option("drop")
    expect(page.get_by_label("Sound bit rate")).to_be_hidden()
    page.get_by_role("radio", name="Balanced").check()
    expect(page.get_by_label("Quality")).to_be_visible()


def test_without_a_video_the_browser_says_so(desk):
    compress(desk).click()
    assert desk.page.get_by_label("Drop videos here").evaluate("field => field.validity.valueMissing")
    assert desk.page.locator("upload-card").count() == 0
