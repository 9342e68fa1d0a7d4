"""Looking at a file: in a child that is watched, and that cannot hold a worker up in silence."""

import pytest

from jobs import errors
from jobs.encoding import ffmpeg, inspect, probe


@pytest.fixture
def hanging(tmp_path, monkeypatch):
    """A probe that never ends."""
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(probe, "CHILD", child)
    monkeypatch.setattr(ffmpeg, "TICK", 0.01)


def test_a_worker_gives_signs_of_life_while_it_looks_and_is_stopped_by_the_answer(tmp_path, hanging):
    answers = iter([True, True, False])
    with pytest.raises(errors.Stopped):
        inspect(tmp_path / "film.mov", lambda: next(answers))


def test_a_look_that_takes_too_long_is_no_word_against_the_video(tmp_path, hanging, monkeypatch):
    monkeypatch.setattr(probe, "TIMEOUT", 0.05)
    with pytest.raises(errors.ProbeTimeout) as timed_out:
        inspect(tmp_path / "film.mov")
    assert timed_out.value.retryable


def test_what_is_no_video_is_said_to_be_none_and_the_child_is_silent_about_itself(tmp_path):
    (tmp_path / "film.mov").write_bytes(b"not really a video")
    with pytest.raises(errors.NotAVideo) as refused:
        inspect(tmp_path / "film.mov")
    assert "RuntimeWarning" not in refused.value.log
