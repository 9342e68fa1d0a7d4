"""Exit 0 is not success: a result that is not whole is never published."""

import shutil
from dataclasses import replace

import pytest

from jobs import encoding, errors
from jobs.encoding.args import EncodeArgs
from jobs.encoding.methods.single import encode_once
from jobs.encoding.session import EncodeSession
from jobs.encoding.tracks import Tracks
from jobs.encoding.verify import verify
from tests.product.encoding.conftest import ffmpeg


@pytest.fixture
def session(media, tmp_path):
    source = media / "film.mp4"
    options = encoding.parse_options({"recipe": "fast", "max_height": 144})
    return EncodeSession(EncodeArgs(options, encoding.inspect(source), source), tmp_path, lambda progress: True)


@pytest.fixture
def encoded(session):
    return encode_once(session)


def test_a_whole_result_passes(session, encoded):
    found, said, _ = verify(session, encoded)
    assert (found.height, said) == (144, [])


def test_a_result_that_is_too_short_does_not(session, encoded):
    shorter = encoded.path.with_name("shorter.mp4")
    ffmpeg("-i", encoded.path, "-t", "20", "-c", "copy", shorter)
    with pytest.raises(errors.ResultInvalid):
        verify(session, replace(encoded, path=shorter))


def test_a_result_without_its_sound_does_not(session, encoded):
    silent = encoded.path.with_name("silent.mp4")
    ffmpeg("-i", encoded.path, "-an", "-c", "copy", silent)
    with pytest.raises(errors.ResultInvalid):
        verify(session, replace(encoded, path=silent))


def test_a_result_with_a_track_too_many_does_not(session, encoded):
    with pytest.raises(errors.ResultInvalid):
        verify(session, replace(encoded, tracks=Tracks()))


def test_a_result_with_damaged_frames_does_not(session, encoded):
    damaged = shutil.copy(encoded.path, encoded.path.with_name("damaged.mp4"))
    with open(damaged, "r+b") as file:
        file.seek(encoded.size // 2)
        file.write(bytes(2000))
    with pytest.raises(errors.ResultInvalid):
        verify(session, replace(encoded, path=damaged))


def test_a_result_cut_off_at_the_end_does_not(session, encoded):
    with encoded.path.open("r+b") as file:
        file.truncate(encoded.size * 2 // 3)
    with pytest.raises(errors.ResultInvalid):
        verify(session, encoded)
