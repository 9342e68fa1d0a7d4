"""The happy path: a video goes in, its progress is watched over the socket, a smaller one comes out."""

from tests.product.page.desk import is_playable, percentages


def test_a_person_watches_a_video_become_smaller_and_downloads_it(desk, media, tmp_path):
    desk.compress(media / "film.mp4", recipe="Balanced")
    card = desk.wait_for("film.mp4", "completed")

    assert "smaller" in card.inner_text()
    result = desk.download(card, tmp_path)
    assert result.stat().st_size < (media / "film.mp4").stat().st_size
    assert is_playable(result)
    assert "Live" in desk.seen()
    assert "Compressing" in desk.seen()
    assert len(percentages(desk.seen())) > 1


def test_completion_is_announced_and_counted_without_a_reload(desk, media):
    desk.page.evaluate("window.same = true")
    desk.compress(media / "short.mp4")
    desk.wait_for("short.mp4", "completed")

    assert "short.mp4" in desk.page.get_by_role("status").inner_text()
    assert "Saved so far" in desk.page.locator("saved-total").inner_text()
    assert desk.page.title() == "Compressor"
    assert desk.page.evaluate("window.same") is True


def test_the_videos_are_still_there_when_the_person_comes_back(desk, media):
    desk.compress(media / "short.mp4")
    desk.card("short.mp4").locator("a[href^='/watch/']").wait_for()
    desk.page.goto("/docs")

    desk.open()
    desk.wait_for("short.mp4", "completed")
