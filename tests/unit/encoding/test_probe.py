"""Looking at a file: in a child that is watched, and that cannot hold a worker up in silence."""

import subprocess

import pytest

from jobs import errors
from jobs.encoding import ffmpeg, inspect, probe


@pytest.fixture(autouse=True)
def film(tmp_path):
    (tmp_path / "film.mov").write_bytes(b"not really a video")


@pytest.fixture
def hanging(tmp_path, monkeypatch):
    """A probe that never ends."""
    (tmp_path / "film.mov").touch()
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
    with pytest.raises(errors.NotAVideo) as refused:
        inspect(tmp_path / "film.mov")
    assert "Invalid data found" in refused.value.log
    assert "RuntimeWarning" not in refused.value.log


@pytest.fixture
def child(tmp_path, monkeypatch):
    """A probe that does what it is told."""

    (tmp_path / "film.mov").touch()

    def write(code):
        (tmp_path / "child.py").write_text(code)
        monkeypatch.setattr(probe, "CHILD", tmp_path / "child.py")

    return write


def test_a_defect_of_our_own_is_not_told_as_the_videos_fault(tmp_path, child):
    child("print(1 / 0)")
    with pytest.raises(errors.InternalFailure) as failed:
        inspect(tmp_path / "film.mov")
    assert failed.value.retryable
    assert "ZeroDivisionError" in failed.value.log


def test_bytes_that_crash_a_library_are_no_video(tmp_path, child):
    child("import os\nos.abort()")
    with pytest.raises(errors.NotAVideo):
        inspect(tmp_path / "film.mov")


def test_a_probe_that_somebody_else_kills_may_go_better_another_time(tmp_path, child):
    child("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(errors.EncoderKilled) as killed:
        inspect(tmp_path / "film.mov")
    assert killed.value.retryable


def test_a_picture_in_a_codec_that_no_camera_writes_is_not_decoded(tmp_path):
    film = tmp_path / "film"
    made = ["-loglevel", "error", "-f", "lavfi", "-i", "testsrc=d=1:s=96x96", "-f", "matroska", "-c:v"]
    subprocess.run([ffmpeg.ffmpeg_binary(), *made, "png", film], check=True)
    assert inspect(film).video_codec == "png"
    subprocess.run([ffmpeg.ffmpeg_binary(), "-y", *made, "targa", film], check=True)
    with pytest.raises(errors.NotAVideo):
        inspect(film)


def test_a_source_that_is_gone_is_no_word_against_the_video(tmp_path):
    with pytest.raises(FileNotFoundError):
        inspect(tmp_path / "gone.mov")


def test_a_source_that_goes_away_meanwhile_is_no_word_against_the_video(tmp_path, child):
    source = tmp_path / "film.mov"
    child('import time\ntime.sleep(1)\nprint(\'{"refused": "nothing"}\')')

    def tick():
        source.unlink(missing_ok=True)
        return True

    with pytest.raises(FileNotFoundError):
        inspect(source, tick)


def test_a_disk_that_fails_is_no_word_against_the_video(tmp_path):
    (tmp_path / "unreadable.mov").symlink_to("/proc/self/mem")  # which cannot be read from its beginning: EIO
    with pytest.raises(OSError, match="Input/output error"):
        inspect(tmp_path / "unreadable.mov")
