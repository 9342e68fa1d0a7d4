"""A whole evening's worth at once."""

import shutil

from playwright.sync_api import expect


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


def test_the_same_video_is_not_sent_twice_at_once(desk, media):
    desk.slow_down(100_000)
    desk.compress(media / "film.mp4")
    expect(desk.card("film.mp4")).to_contain_text("Uploading")
    desk.compress(media / "film.mp4")
    expect(desk.card("film.mp4")).to_have_count(1)
    desk.slow_down(-1)
    desk.wait_for("film.mp4", "completed")


def test_after_a_reload_the_order_is_the_same(desk, media, tmp_path):
    names = [f"clip-{number}.mp4" for number in range(3)]
    for name in names:
        shutil.copy(media / "short.mp4", tmp_path / name)
    desk.compress(*[tmp_path / name for name in names])
    for name in names:
        desk.wait_for(name, "completed")
    before = desk.page.locator("h3").all_inner_texts()
    desk.open()
    assert desk.page.locator("h3").all_inner_texts() == before
