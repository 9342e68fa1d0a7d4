"""An evening's videos: dropped as a folder, watched as one, fetched as one."""

import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.product.page.desk import PATIENCE, Desk
from tests.product.page.test_accessible import WIDTHS, findings, too_wide
from tests.product.stack import eventually

SLOW = 100_000  # bytes per second
UNREADABLE = "This file cannot be read"


@pytest.fixture
def folder(media, tmp_path) -> Path:
    """Two videos of the same name in two folders, one of them within the other, and what is no video."""
    beach = tmp_path / "Summer" / "Beach"
    beach.mkdir(parents=True)
    shutil.copy(media / "short.mp4", beach.parent / "clip.mp4")
    shutil.copy(media / "short.mp4", beach / "clip.mp4")
    (beach / "notes.txt").write_text("not a video")
    return beach.parent


def drop(desk: Desk, *paths: Path) -> None:
    """As from a file manager; Playwright itself can only drop what a script has made."""
    session = desk.page.context.new_cdp_session(desk.page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 200, "y": 300, "data": data})


def test_a_dropped_folder_keeps_its_tree_on_the_way_there_and_back(desk, folder, tmp_path):
    drop(desk, folder)
    expect(desk.page.locator("[data-chosen]")).to_contain_text("2 videos")
    expect(desk.page.locator("[data-chosen]")).to_contain_text("One other file in there is no video.")
    desk.page.get_by_role("button", name="Compress").click()
    bar = desk.page.locator("batch-bar")
    expect(bar).to_contain_text("All 2 done", timeout=PATIENCE)

    for width in WIDTHS:
        assert findings(desk.page, width) == []
        assert too_wide(desk.page) == []
    with desk.page.expect_download() as download:
        bar.get_by_role("link", name="Download all").click()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"Summer/clip-small.mp4", "Summer/Beach/clip-small.mp4"}


def test_a_folder_can_be_chosen_without_a_mouse(desk, folder):
    button = desk.page.get_by_role("button", name="Choose a whole folder")
    with desk.page.expect_file_chooser() as chooser:
        button.press("Enter")
    chooser.value.set_files(folder)
    expect(desk.page.locator("[data-chosen]")).to_contain_text("2 videos")


def test_what_is_left_is_canceled_with_what_was_not_sent_yet(desk, folder, media, tmp_path):
    shutil.copy(media / "film.mp4", folder / "film.mp4")
    desk.slow_down(SLOW)
    drop(desk, folder)
    expect(desk.page.locator("[data-chosen]")).to_contain_text("3 videos")  # a folder is read after it was dropped
    desk.page.get_by_role("button", name="Compress").click()
    bar = desk.page.locator("batch-bar")
    bar.get_by_role("button", name="Cancel what is left").click(timeout=PATIENCE)
    expect(desk.page.locator("upload-card")).to_have_count(0)
    expect(bar).to_contain_text(re.compile("canceled", re.IGNORECASE))


def test_the_same_drop_after_a_crash_is_the_same_batch(desk, folder):
    desk.slow_down(SLOW)
    drop(desk, folder)
    expect(desk.page.locator("[data-chosen]")).to_contain_text("2 videos")
    desk.page.get_by_role("button", name="Compress").click()
    bar = desk.page.locator("batch-bar")
    expect(bar).to_contain_text("done", timeout=PATIENCE)
    batch = bar.get_attribute("data-batch")

    again = Desk(desk.page.context.new_page())
    desk.page.close(run_before_unload=False)
    again.open()
    drop(again, folder)
    expect(again.page.locator("[data-chosen]")).to_contain_text("2 videos")
    again.page.get_by_role("button", name="Compress").click()
    expect(again.page.locator("batch-bar")).to_contain_text("All 2 done", timeout=PATIENCE)
    expect(again.page.locator("batch-bar")).to_have_count(1)
    assert again.page.locator("batch-bar").get_attribute("data-batch") == batch
    assert again.defects == []


class TestFilesThatCannotBeRead:
    """The browser tells of them as of a broken connection."""

    def test_one_that_changes_while_it_is_sent_is_said_to_and_the_next_gets_its_turn(self, desk, media, tmp_path):
        for name in ("one.mp4", "two.mp4", "three.mp4"):
            shutil.copy(media / "film.mp4", tmp_path / name)
        desk.slow_down(SLOW)
        desk.compress(*[tmp_path / name for name in ("one.mp4", "two.mp4", "three.mp4")])
        bar = desk.card("one.mp4").locator("progress")
        eventually(lambda: 0.02 < bar.evaluate("bar => bar.value") < 0.9)
        for name in ("one.mp4", "two.mp4"):
            os.utime(tmp_path / name, (1, 1))
            with (tmp_path / name).open("ab") as file:
                file.write(b"more")
        desk.break_connections()  # for the file is read anew by the next request
        for name in ("one.mp4", "two.mp4"):
            expect(desk.card(name)).to_contain_text(UNREADABLE, timeout=PATIENCE)
        desk.wait_for("three.mp4", "completed")

    def test_one_that_is_gone_before_its_turn_leaves_no_job_behind(self, desk, media, tmp_path):
        shutil.copy(media / "short.mp4", tmp_path / "gone.mp4")
        desk.page.get_by_label("Drop videos here").set_input_files(tmp_path / "gone.mp4")
        (tmp_path / "gone.mp4").unlink()
        desk.page.get_by_role("button", name="Compress").click()
        expect(desk.card("gone.mp4")).to_contain_text(UNREADABLE)
        desk.page.reload()
        expect(desk.card("gone.mp4")).to_have_count(0)

    def test_once_it_is_there_again_as_it_was_it_goes_on(self, desk, media, tmp_path):
        shutil.copy(media / "short.mp4", tmp_path / "away.mp4")
        desk.page.get_by_label("Drop videos here").set_input_files(tmp_path / "away.mp4")
        (tmp_path / "away.mp4").rename(tmp_path / "elsewhere.mp4")
        desk.page.get_by_role("button", name="Compress").click()
        expect(desk.card("away.mp4")).to_contain_text(UNREADABLE)
        (tmp_path / "elsewhere.mp4").rename(tmp_path / "away.mp4")
        desk.card("away.mp4").get_by_role("button", name="Try again").click()
        desk.wait_for("away.mp4", "completed")


def test_without_javascript_the_bar_is_drawn_and_its_buttons_work(desk, plain_page, folder):
    drop(desk, folder)
    desk.page.get_by_role("button", name="Compress").click()
    bar = desk.page.locator("batch-bar")
    expect(bar).to_contain_text("All 2 done", timeout=PATIENCE)

    plain_page.goto(f"/watch/batches/{bar.get_attribute('data-batch')}")
    expect(plain_page.locator("batch-bar")).to_contain_text("All 2 done")
    plain_page.get_by_role("button", name="Delete all").click()
    expect(plain_page.locator("batch-bar")).to_contain_text("All 2 done")
    expect(plain_page.get_by_role("link", name="Download all")).to_have_count(0)
