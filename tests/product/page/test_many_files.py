"""A whole evening's worth at once."""

import shutil

from playwright.sync_api import expect

DROP = """files => {
    const transfer = new DataTransfer();
    for (const name of files) transfer.items.add(new File(["not a video"], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def test_many_videos_wait_their_turn_and_all_arrive(desk, media, tmp_path):
    names = [f"clip-{number}.mp4" for number in range(5)]
    for name in names:
        shutil.copy(media / "short.mp4", tmp_path / name)
    desk.slow_down(100_000)
    desk.compress(*[tmp_path / name for name in names])
    expect(desk.page.get_by_text("Waiting its turn")).to_have_count(3)

    desk.slow_down(-1)
    for name in names:
        desk.wait_for(name, "completed")


def test_files_that_are_dropped_anywhere_join_those_already_chosen(desk):
    desk.page.evaluate(DROP, ["one.mp4"])
    expect(desk.page.locator("[data-chosen]")).to_contain_text("one.mp4")
    desk.page.evaluate(DROP, ["two.mp4", "three.mp4"])
    expect(desk.page.locator("[data-chosen]")).to_contain_text("3 videos")
