"""Which qualities are offered, of which moment, and what each would take: arithmetic."""

import pytest

from jobs.encoding import parse_options
from jobs.encoding.methods.search import Trial, bytes_at
from jobs.encoding.offers import Offer, Offers, qualities, shown_span
from jobs.inspection.busiest import busiest_stretch
from tests.unit.encoding.test_tracks import media


@pytest.mark.parametrize(
    ("asked", "offered"),
    [({}, [95, 90, 85]), ({"quality": 99}, [99, 94, 89]), ({"quality": 66}, [66, 61]), ({"quality": 60}, [60])],
)
def test_the_quality_that_was_asked_for_is_offered_with_lower_ones(asked, offered):
    assert qualities(parse_options(asked)) == offered


def test_between_two_trials_bytes_follow_the_line_through_them():
    trials = [Trial(20, 97, 1_000_000), Trial(30, 90, 250_000)]
    assert bytes_at(trials, 20) == pytest.approx(1_000_000)
    assert bytes_at(trials, 25) == pytest.approx(500_000)


def test_the_nearest_trials_count_and_the_same_one_twice_is_one():
    trials = [Trial(20, 97, 1_000_000), Trial(20, 97, 1_000_000), Trial(30, 90, 250_000), Trial(60, 20, 249_000)]
    assert bytes_at(trials, 22.5) == pytest.approx(707_107, rel=1e-3)


def test_of_one_trial_bytes_halve_as_usual():
    assert bytes_at([Trial(20, 97, 1_000_000)], 28) == pytest.approx(500_000)


def test_the_busiest_stretch_is_where_the_bytes_are_in_whatever_order_they_come():
    starts = [float(second) for second in range(100)]
    sizes = [1000 if 40 <= second < 50 else 10 for second in range(100)]
    assert busiest_stretch(starts, sizes) == 40
    assert busiest_stretch(starts[::-1], sizes[::-1]) == 40


@pytest.mark.parametrize(("starts", "sizes"), [([], []), ([5.0], [3]), ([5.0, 6.0], [3, 3])])
def test_a_film_shorter_than_a_stretch_is_all_of_it(starts, sizes):
    assert busiest_stretch(starts, sizes) == 0


def test_what_is_shown_is_the_middle_of_the_busiest_stretch():
    assert shown_span(media(duration=60.0, busiest=20.0, starts_at=1.5)) == (24.5, 4.0)


@pytest.mark.parametrize(("duration", "busiest"), [(3.0, 0.0), (8.0, 0.0), (60.0, 55.0)])
def test_what_is_shown_lies_within_the_film(duration, busiest):
    start, seconds = shown_span(media(duration=duration, busiest=busiest))
    assert start >= 0
    assert start + seconds <= duration


def test_offers_go_into_a_row_with_the_names_of_their_pictures(tmp_path):
    source, result = tmp_path / "offer-source.jpg", tmp_path / "offer-95.jpg"
    made = Offers((Offer(95, 300, source, result), Offer(90, 200)), (Trial(25.5, 95.0, 300),))
    assert made.as_dict() == {
        "offers": [
            {
                "quality": 95,
                "expected_bytes": 300,
                "pictures": {"source": "offer-source.jpg", "result": "offer-95.jpg"},
            },
            {"quality": 90, "expected_bytes": 200, "pictures": None},
        ],
        "trials": [[25.5, 95.0, 300]],
    }
    assert made.files() == {"offer-source.jpg": source, "offer-95.jpg": result}
