"""The method `quality`: what is measured afterwards is what was asked for."""

import itertools

import pytest

from jobs.encoding import parse_options
from jobs.encoding.args import EncodeArgs
from jobs.encoding.methods.quality import sample_spans
from jobs.encoding.vmaf import measure_command, read_score
from tests.media import beside
from tests.product.encoding.conftest import ffmpeg


def measured(encoded, source, tmp_path, **fields):
    """VMAF of every frame, by a run of its own."""
    log = tmp_path / "check.json"
    args = EncodeArgs(parse_options(fields), encoded.media, source)
    argv = measure_command(args, encoded.outcome.path, log, (), 1)
    ffmpeg(*argv[1:])
    return read_score(log).mean


@pytest.mark.parametrize(
    ("clip", "recipe"),
    [("street.mp4", "balanced"), ("tape.mpeg", "balanced"), ("film.mp4", "balanced"), ("street.mp4", "small")]
    + [(clip, "balanced") for clip in beside("movie-hello.mpeg", "world.mp4")],
)
def test_the_mean_over_the_film_is_within_one_of_the_target(media, compress, tmp_path, clip, recipe):
    encoded = compress(media / clip, recipe=recipe)
    found = measured(encoded, media / clip, tmp_path, recipe=recipe)
    assert found == pytest.approx(95, abs=1)
    assert encoded.outcome.vmaf == pytest.approx(found, abs=0.5)
    assert encoded.outcome.path.stat().st_size < (media / clip).stat().st_size * 0.9


def test_another_target_can_be_named(media, compress):
    encoded = compress(media / "street.mp4", quality=85)
    assert encoded.outcome.vmaf == pytest.approx(85, abs=1)


@pytest.mark.parametrize("clip", ["lean.mp4", "lean.webm", *beside("cockatoo.mp4", "rabbit320.webm")])
def test_what_cannot_be_made_smaller_is_handed_back_byte_for_byte(media, compress, clip):
    encoded = compress(media / clip)
    assert encoded.outcome.outcome == "already_small"
    assert encoded.outcome.path == media / clip


def test_a_very_short_clip_is_not_searched(media, compress):
    encoded = compress(media / "short.mp4")
    assert encoded.outcome.outcome == "compressed"
    assert encoded.outcome.vmaf is None
    assert {report.phase for report in encoded.reports}.isdisjoint({"search"})


def test_a_very_small_picture_is_not_searched(make, compress, media):
    tiny = make("tiny.mkv", "-i", media / "street.mp4", "-t", "3", "-vf", "scale=96:-2", "-c:v", "ffv1")
    assert compress(tiny).outcome.vmaf is None


@pytest.mark.parametrize("duration", [8, 15, 60, 119, 121, 600, 7200])
def test_samples_lie_within_the_film_and_do_not_overlap(duration):
    spans = sample_spans(duration)
    assert spans[0][0] >= 0
    assert spans[-1][0] + spans[-1][1] <= duration
    assert all(start + seconds <= following for (start, seconds), (following, _) in itertools.pairwise(spans))


@pytest.mark.parametrize("duration", [125, 600, 7200])
def test_beyond_two_minutes_a_search_looks_at_less_than_a_quarter(duration):
    assert 3 * 1.4 * sum(seconds for _, seconds in sample_spans(duration)) <= duration / 4
