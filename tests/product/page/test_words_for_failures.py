"""What cannot be compressed is said in a sentence that a person understands."""

from playwright.sync_api import expect

from jobs import errors


def test_a_file_with_sound_only_is_told_so(desk, media):
    desk.compress(media / "sound.ogg")
    assert errors.AudioOnly.title in desk.wait_for("sound.ogg", "failed").inner_text()


def test_a_file_that_is_no_video_is_told_so(desk, tmp_path):
    notes = tmp_path / "notes.mp4"
    notes.write_text("Buy milk.\n" * 500)
    desk.compress(notes)
    assert errors.NotAVideo.title in desk.wait_for("notes.mp4", "failed").inner_text()


def test_a_refused_upload_says_why_and_offers_another_try(desk, tmp_path):
    empty = tmp_path / "empty.mp4"
    empty.touch()
    desk.compress(empty)
    card = desk.wait_for("empty.mp4", "failed")
    assert errors.InvalidRequest.title in card.inner_text()
    expect(card.get_by_role("button", name="Try again")).to_be_visible()
