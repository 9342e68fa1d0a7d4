"""Exit 0 is not success: a result that is not whole is never published."""

import shutil
from dataclasses import replace

import pytest

from jobs import encoding, errors
from jobs.encoding.assignment import Assignment
from jobs.encoding.brief import Brief
from jobs.encoding.encode import encode_once
from jobs.encoding.tracks import Tracks
from jobs.encoding.verify import verify
from tests.product.encoding.conftest import ffmpeg


@pytest.fixture
def assignment(media, tmp_path):
    source = media / "world.mp4"
    order = encoding.parse_order({"recipe": "fast", "max_height": 144})
    return Assignment(Brief(order, encoding.inspect(source), source), tmp_path, lambda progress: True)


@pytest.fixture
def made(assignment):
    return encode_once(assignment)


def test_a_whole_result_passes(assignment, made):
    found, said = verify(assignment, made)
    assert (found.height, said) == (144, [])


def test_a_result_that_is_too_short_does_not(assignment, made):
    shorter = made.path.with_name("shorter.mp4")
    ffmpeg("-i", made.path, "-t", "20", "-c", "copy", shorter)
    with pytest.raises(errors.ResultInvalid):
        verify(assignment, replace(made, path=shorter))


def test_a_result_without_its_sound_does_not(assignment, made):
    silent = made.path.with_name("silent.mp4")
    ffmpeg("-i", made.path, "-an", "-c", "copy", silent)
    with pytest.raises(errors.ResultInvalid):
        verify(assignment, replace(made, path=silent))


def test_a_result_with_a_track_too_many_does_not(assignment, made):
    with pytest.raises(errors.ResultInvalid):
        verify(assignment, replace(made, tracks=Tracks()))


def test_a_result_with_damaged_frames_does_not(assignment, made):
    damaged = shutil.copy(made.path, made.path.with_name("damaged.mp4"))
    with open(damaged, "r+b") as file:
        file.seek(made.size // 2)
        file.write(bytes(2000))
    with pytest.raises(errors.ResultInvalid):
        verify(assignment, replace(made, path=damaged))


def test_a_result_cut_off_at_the_end_does_not(assignment, made):
    with made.path.open("r+b") as file:
        file.truncate(made.size * 2 // 3)
    with pytest.raises(errors.ResultInvalid):
        verify(assignment, made)
