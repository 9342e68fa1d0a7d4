"""A WebP that moves is looked at as a copy: where that fails, the video is to blame only if nothing of ours is."""

import pytest

from jobs import errors
from jobs.encoding import inspect

HEAD = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02"


@pytest.fixture
def animation(tmp_path):
    path = tmp_path / "film.webp"
    path.write_bytes(HEAD + bytes(100))
    return path


@pytest.fixture
def ffmpeg_that(tmp_path, monkeypatch):
    """A stand-in for ffmpeg: a script that needs nothing but its shell."""

    def write(script):
        program = tmp_path / "ffmpeg"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("FFMPEG_BINARY", str(program))

    return write


def test_one_that_cannot_be_read_is_no_video(animation):
    with pytest.raises(errors.NotAVideo):
        inspect(animation)


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("echo 'No space left on device' >&2; exit 228", errors.OutOfRoom),
        ("ulimit -t 1; while :; do :; done", errors.EncoderKilled),
    ],
    ids=["a full disk", "a kill"],
)
def test_trouble_of_ours_is_not_told_as_the_videos_fault(animation, ffmpeg_that, script, problem):
    ffmpeg_that(script)
    with pytest.raises(problem) as failed:
        inspect(animation)
    assert failed.value.retryable
