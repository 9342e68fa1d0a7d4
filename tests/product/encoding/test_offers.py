"""Three qualities before all of a film is compressed: what they promise is what comes, and nothing is tried twice."""

from dataclasses import replace

import pytest

from jobs import encoding
from jobs.encoding import EncodeArgs, make_offers, parse_options
from tests.product.encoding.test_stills import dimensions, grey


@pytest.fixture
def offer(tmp_path):
    def run(source, **fields):
        args = EncodeArgs(parse_options(fields), encoding.inspect(source), source)
        return args, make_offers(args, tmp_path, lambda progress: True)

    return run


def test_each_quality_is_smaller_than_the_one_before_and_shows_the_same_moment(media, offer):
    _, made = offer(media / "film.mp4")
    assert [each.quality for each in made.offers] == [95, 90, 85]
    sizes = [each.expected_bytes for each in made.offers]
    assert sizes == sorted(sizes, reverse=True)
    assert len({each.source for each in made.offers}) == 1
    assert len({dimensions(path) for path in made.files().values()}) == 1
    assert len(made.files()) == 4


@pytest.mark.parametrize("clip", ["film.mp4", "street.mp4"])
def test_what_was_chosen_comes_at_that_quality_and_about_that_size_without_another_search(
    media, offer, tmp_path, clip
):
    args, made = offer(media / clip)
    chosen = made.offers[-1]
    phases = set()
    workdir = tmp_path / "whole"
    workdir.mkdir()
    wanted = replace(args, options=replace(args.options, quality=chosen.quality), known=made.trials)
    outcome = encoding.compress(wanted, workdir, lambda progress: phases.add(progress.phase) or True)
    assert outcome.vmaf == pytest.approx(chosen.quality, abs=1.5)
    assert outcome.path.stat().st_size == pytest.approx(chosen.expected_bytes, rel=0.3)
    assert "search" not in phases


def test_where_nothing_would_be_gained_nothing_is_offered(media, offer):
    _, made = offer(media / "lean.mp4", quality=99)
    assert made is None or all(each.expected_bytes < (media / "lean.mp4").stat().st_size for each in made.offers)


def test_a_picture_that_is_to_be_smaller_is_shown_smaller(media, offer):
    _, made = offer(media / "street.mp4", max_height=120)
    assert dimensions(made.offers[0].result).endswith("x120")


def test_source_and_result_show_the_same_instant_of_the_busiest_seconds(offer, make):
    """Each second has a grey of its own; it is noisy, and so large, from 20 seconds on."""
    noise = "noise=alls=40:allf=t:enable='gte(t,20)*lt(t,30)'"
    greys = f"color=black:s=160x120:r=10:d=40,geq=lum='40+4*floor(T)':cb=128:cr=128,{noise}"
    _, made = offer(make("greys.mp4", "-f", "lavfi", "-i", greys, "-c:v", "libx264", "-crf", "10"))
    shown = [grey(path) for path in made.files().values()]
    assert max(shown) - min(shown) < 3
    assert 120 <= shown[0] <= 160
