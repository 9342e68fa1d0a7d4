"""The method `quality`: what is measured afterwards is what was asked for."""

import itertools

import pytest

from benchmarks.measure import vmaf
from jobs import errors
from jobs.encoding import CODECS, encode
from jobs.encoding.methods import quality, samples
from jobs.encoding.methods.samples import sample_spans
from tests.media import beside
from tests.unit.encoding.test_tracks import media as media_info


@pytest.mark.parametrize(
    ("clip", "recipe"),
    [("street.mp4", "balanced"), ("tape.mpeg", "balanced"), ("film.mp4", "balanced"), ("street.mp4", "small")]
    + [(clip, "balanced") for clip in beside("movie-hello.mpeg", "world.mp4")],
)
def test_the_mean_over_the_film_is_within_one_of_the_target(media, compress, clip, recipe):
    encoded = compress(media / clip, recipe=recipe)
    found = vmaf(media / clip, encoded.outcome.path, pixels="yuv420p10le" if recipe == "small" else "yuv420p").mean
    assert found == pytest.approx(95, abs=1)
    assert encoded.outcome.vmaf == pytest.approx(found, abs=0.5)
    assert encoded.outcome.path.stat().st_size < (media / clip).stat().st_size * 0.9


def test_another_target_can_be_named(media, compress):
    encoded = compress(media / "street.mp4", quality=85)
    assert encoded.outcome.vmaf == pytest.approx(85, abs=1)


@pytest.mark.parametrize("clip", ["lean.mp4", "lean.webm", *beside("rabbit320.webm")])
def test_what_cannot_be_made_smaller_is_handed_back_byte_for_byte(media, compress, clip):
    encoded = compress(media / clip)
    assert encoded.outcome.outcome == "already_small"
    assert encoded.outcome.path == media / clip


def test_a_clip_that_is_too_short_to_be_sampled_is_measured_whole(media, compress):
    encoded = compress(media / "short.mp4")
    assert encoded.outcome.outcome == "compressed"
    assert vmaf(media / "short.mp4", encoded.outcome.path).mean == pytest.approx(95, abs=1)
    assert {report.phase for report in encoded.reports}.isdisjoint({"search"})


@pytest.fixture
def crfs(monkeypatch):
    """Those at which all of a source was encoded."""
    tried = []

    def encode_whole(session, rate, tracks, **settings):
        tried.append(rate["crf"])
        return encode.encode_whole(session, rate, tracks, **settings)

    monkeypatch.setattr(quality, "encode_whole", encode_whole)
    return tried


def test_the_beginning_of_a_short_clip_tells_where_it_is_encoded_once(media, compress, crfs):
    encoded = compress(media / "cartoon.mp4", audio="drop", quality=93)
    assert encoded.outcome.vmaf == pytest.approx(93, abs=1)
    assert len(crfs) == 1


def test_a_beginning_that_misleads_costs_another_round_and_no_quality(media, compress, make, crfs):
    black = "color=black:s=640x360:r=25:d=2[black];[0:v]fps=25,scale=640:360[rest];[black][rest]concat"
    late = make("late.mp4", "-i", media / "cartoon.mp4", "-filter_complex", black, "-c:v", "libx264", "-crf", 8)
    assert compress(late).outcome.vmaf == pytest.approx(95, abs=1)
    assert len(crfs) > 1


def test_what_outgrew_its_source_is_not_encoded_finer_still(media, compress, make, crfs):
    tight = make("tight.mp4", "-i", media / "cartoon.mp4", "-an", "-c:v", "libx264", "-preset", "slower", "-crf", 26)
    assert compress(tight).outcome.outcome == "already_small"
    assert len(crfs) > 1
    assert crfs == sorted(crfs)


def test_a_beginning_that_cannot_be_encoded_says_nothing(media, compress, crfs, monkeypatch):
    def fail(*_):
        raise errors.EncodeFailed(log="damaged there")

    monkeypatch.setattr(samples, "sample_command", fail)
    assert compress(media / "cartoon.mp4", audio="drop", quality=93).outcome.vmaf == pytest.approx(93, abs=1)
    assert crfs[0] == CODECS["h264"].usual_crf


def test_a_picture_of_some_pixels_is_not_measured(make, compress, media):
    tiny = make("tiny.mkv", "-i", media / "street.mp4", "-t", "3", "-vf", "scale=12:12", "-c:v", "ffv1")
    assert compress(tiny).outcome.vmaf is None


@pytest.mark.parametrize("duration", [8, 15, 60, 119, 121, 600, 7200])
def test_samples_lie_within_the_film_and_do_not_overlap(duration):
    spans = sample_spans(media_info(duration=float(duration)))
    assert spans[0][0] >= 0
    assert spans[-1][0] + spans[-1][1] <= duration
    assert all(start + seconds <= following for (start, seconds), (following, _) in itertools.pairwise(spans))


@pytest.mark.parametrize("duration", [125, 600, 7200])
def test_beyond_two_minutes_a_search_looks_at_less_than_a_quarter(duration):
    assert 3 * 1.4 * sum(seconds for _, seconds in sample_spans(media_info(duration=float(duration)))) <= duration / 4


def test_where_memory_is_scarce_it_is_measured_afterwards(media, compress, monkeypatch):
    monkeypatch.setattr(encode, "can_measure_within", lambda *_: False)
    encoded = compress(media / "film.mp4")
    assert encoded.outcome.vmaf == pytest.approx(95, abs=1)
    assert encoded.outcome.vmaf == pytest.approx(vmaf(media / "film.mp4", encoded.outcome.path).mean, abs=0.5)
