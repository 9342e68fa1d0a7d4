"""How many threads an encoder gets is what its memory allows; where one is too many, it is said beforehand."""

import pytest

from jobs import errors
from jobs.encoding import memory
from jobs.encoding.codecs import CODECS
from jobs.encoding.memory import can_measure_within, threads_that_fit
from tests.unit.encoding.test_tracks import media

GB = 10**9
EIGHT_K = media(width=7680, height=4320)
FULL_HD = media(width=1920, height=1080)


@pytest.fixture(autouse=True)
def many_cores(monkeypatch):
    monkeypatch.setattr(memory, "processors", lambda: 16)


@pytest.mark.parametrize(("budget", "threads"), [(40 * GB, "lp=6"), (20 * GB, "lp=2"), (13 * GB, "lp=1")])
def test_svt_av1_gets_fewer_threads_where_memory_is_scarce(budget, threads):
    assert threads_that_fit(CODECS["av1"], EIGHT_K.pixels_at(4320), budget) == {"svtav1-params": threads}


def test_x264_takes_all_cores_where_they_fit():
    assert threads_that_fit(CODECS["h264"], FULL_HD.pixels_at(1080), GB) == {}


def test_what_does_not_fit_at_all_is_refused_with_what_it_needs():
    with pytest.raises(errors.SourceTooDemanding) as refused:
        threads_that_fit(CODECS["h264"], EIGHT_K.pixels_at(4320), 4 * GB)
    assert "needs about 8 GB" in refused.value.detail
    assert not refused.value.retryable


def test_measuring_takes_memory_too_and_is_done_afterwards_where_there_is_not_enough():
    assert can_measure_within(CODECS["h264"], FULL_HD, 1080, GB)
    assert not can_measure_within(CODECS["h264"], EIGHT_K, 4320, 9 * GB)
    assert threads_that_fit(CODECS["av1"], EIGHT_K.pixels_at(4320), 30 * GB, measured=True) == {
        "svtav1-params": "lp=1"
    }


def test_a_smaller_picture_is_what_counts():
    assert threads_that_fit(CODECS["h264"], EIGHT_K.pixels_at(1080), GB) == {}
