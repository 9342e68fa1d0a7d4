"""Pictures for the page: a poster of the result, and three pairs of frames that cover each other."""

import os
import re

import pytest

from jobs.encoding.stills import PAIRS_AT
from tests.product.encoding.conftest import described, ffmpeg


def dimensions(path):
    return re.search(r"Video: mjpeg.*? (\d+x\d+)", described(path))[1]


def grey(path):
    """The mean of its brightness, from 0 to 255."""
    return float(
        re.search(r"YAVG=([\d.]+)", ffmpeg("-i", path, "-vf", "signalstats,metadata=print", "-f", "null", "-"))[1]
    )


def likeness(picture, other):
    """PSNR in dB."""
    return float(
        re.search(r"average:([\d.]+)", ffmpeg("-i", picture, "-i", other, "-lavfi", "psnr", "-f", "null", "-"))[1]
    )


def test_each_instant_is_taken_from_source_and_result_in_the_same_size(media, compress):
    encoded = compress(media / "cartoon.mp4", recipe="fast", max_height=360)
    stills = encoded.outcome.stills
    assert len(stills.frames) == len(PAIRS_AT)
    assert {dimensions(path) for path in stills.files().values()} == {"640x360"}


@pytest.mark.parametrize(("recipe", "off"), [("fast", 2), ("balanced", 3)])
def test_both_sides_of_a_pair_show_the_same_instant(media, compress, make, recipe, off):
    """Each second of it has a grey of its own, and a picture of it is held for long, as in recordings of a screen."""
    greys = "color=black:s=320x240:r=10:d=40,geq=lum='40+4*floor(T)':cb=128:cr=128"
    held = f"{greys},select='not(between(t,8,12.9))'"
    source = make("greys.mp4", "-f", "lavfi", "-i", held, "-fps_mode", "vfr", "-c:v", "libx264", "-qp", 4)
    frames = compress(source, recipe=recipe, max_fps=5).outcome.stills.frames
    assert len(frames) == len(PAIRS_AT)
    for before, after in frames:
        assert abs(grey(before) - grey(after)) < off  # a second later it is 4.7 brighter


def test_a_film_that_is_cut_short_has_the_pairs_that_both_sides_can_show(media, compress, make):
    cut = make("cut.mp4", "-i", media / "film.mp4", "-c", "copy", "-movflags", "+faststart")
    os.truncate(cut, cut.stat().st_size * 6 // 10)
    stills = compress(cut, recipe="fast", max_height=144).outcome.stills
    assert 1 <= len(stills.frames) < len(PAIRS_AT)
    assert stills.poster.exists()


def test_a_key_frame_is_found_where_the_index_of_the_result_would_begin_at_an_earlier_one(compress, make):
    """Its first pictures are of uneven length, so that dates of decoding lag far behind."""
    greys = "color=black:s=320x240:r=30:d=16,geq=lum='40+4*floor(T)':cb=128:cr=128"
    uneven = f"{greys},select='not(between(n,1,2))'"
    keys = ["-g", 400, "-force_key_frames", "8.1", "-bf", 3]
    source = make("uneven.mp4", "-f", "lavfi", "-i", uneven, "-fps_mode", "vfr", "-c:v", "libx264", "-qp", 4, *keys)
    frames = compress(source, recipe="fast").outcome.stills.frames
    assert [round(grey(before) - grey(after)) for before, after in frames] == [0, 0, 0]


def test_a_very_short_clip_has_its_pictures_too(media, compress):
    stills = compress(media / "short.mp4", recipe="fast").outcome.stills
    assert stills.poster.exists()
    assert len(stills.frames) == len(PAIRS_AT)


def test_where_an_earlier_try_turned_out_best_the_pictures_are_of_it(media, compress, monkeypatch):
    """Each try leaves its own in the work directory; those of the second are blurred."""
    tries = iter([30.0, 44.0])
    monkeypatch.setattr("jobs.encoding.methods.search.next_crf", lambda *_: next(tries, 44.0))
    outcome = compress(media / "street.mp4", quality=97).outcome
    assert outcome.crf == 30.0
    assert min(likeness(before, after) for before, after in outcome.stills.frames) > 35
