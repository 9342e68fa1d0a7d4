"""One bar over the whole job: it never falls, is never full before the end, and knows what is left."""

import itertools

import pytest

from jobs.encoding.progress import ProgressEstimator, Reading, read_line

# Lines of real runs of ffmpeg 9.0, a first one without anything to say and one of an audio-only moment included.
EARLY = (
    "frame=0\nfps=0.00\nstream_0_0_q=0.0\nbitrate=N/A\ntotal_size=N/A\nout_time_us=N/A\nspeed=N/A\nprogress=continue"
)
LATER = (
    "frame=447\nfps=222.46\nstream_0_0_q=31.0\nbitrate= 421.8kbits/s\n"
    "total_size=786480\nout_time_us=14917000\nspeed=7.42x"
)


def read(lines, reading=None):
    for line in lines.splitlines():
        reading = read_line(reading or Reading(), line)
    return reading


def test_what_ffmpeg_does_not_know_yet_stays_unknown():
    assert read(EARLY) == Reading()


def test_what_ffmpeg_says_is_read():
    assert read(LATER) == Reading(seconds=14.917, frames=447, fps=222.46, speed=7.42, bytes=786480)


def test_time_never_runs_backwards():
    assert read("out_time_us=-21333", read(LATER)).seconds == 14.917


def metered(runs, ahead=None):
    """The progress of runs of (phase, expected seconds, real seconds, more to come), a report every second."""
    clock = {"now": 0.0}
    estimator = ProgressEstimator(dict(ahead or {}), clock=lambda: clock["now"])
    for phase, expected, real, *again in runs:
        estimator.again = sum(again)
        estimator.begin(phase, expected)
        for second in range(real):
            yield estimator.at(second / real, Reading())
            clock["now"] += 1


def test_the_fraction_never_falls_and_is_never_full():
    runs = [("search", 5, 9), ("encode", 60, 40), ("encode", 60, 40), ("verify", 4, 9), ("publish", 1, 3)]
    fractions = [progress.fraction for progress in metered(runs, {"encode": 60, "verify": 4, "publish": 1})]
    assert fractions == sorted(fractions)
    assert fractions[0] < 0.1
    assert 0.9 < fractions[-1] < 1


def test_a_phase_weighs_what_it_costs():
    at_end_of_search = list(metered([("search", 10, 10)], {"encode": 90}))[-1]
    assert at_end_of_search.fraction == pytest.approx(0.1, abs=0.02)


def test_a_slow_machine_is_slow_in_what_is_still_ahead_too():
    """The search takes ten times as long as usual: then so will all the rest, and the bar must not run ahead of it."""
    at_end_of_search = list(metered([("search", 10, 100)], {"encode": 90}))[-1]
    assert at_end_of_search.fraction == pytest.approx(0.1, abs=0.05)
    assert at_end_of_search.eta_seconds == pytest.approx(900, rel=0.1)


def test_the_time_left_is_about_what_it_takes():
    reports = list(metered([("encode", 30, 100)]))  # the guess was three times too low
    for second in (30, 60, 90):
        assert reports[second].eta_seconds == pytest.approx(100 - second, rel=0.35)


def test_what_was_set_aside_for_rounds_that_were_not_needed_is_given_back():
    reports = list(metered([("search", 10, 10, 0.4), ("encode", 60, 60, 0.4), ("verify", 5, 5)], {"verify": 5}))
    assert reports[69].fraction > 0.75
    assert reports[-1].fraction > 0.9
    assert reports[-1].eta_seconds < 3


def test_rounds_that_may_follow_are_part_of_the_time_left():
    alone, repeated = (list(metered([("encode", 60, 60, again)]))[30] for again in (0.0, 0.6))
    assert repeated.eta_seconds == pytest.approx(alone.eta_seconds + 36, abs=2)


def test_the_bar_moves_on_however_many_rounds_there_are():
    rounds = [("analyze", 20, 25), *[("encode", 50, 60, again) for again in (0.4, 0.3, 0.2)]]
    fractions = [report.fraction for report in metered(rounds, {"encode": 50, "verify": 5})]
    stood_still = [len(list(same)) for _, same in itertools.groupby(fractions)]
    assert max(stood_still) <= 10  # seconds, at the very end of three rounds


def test_a_phase_that_does_not_say_how_far_it_is_neither_empties_nor_stops_the_bar():
    clock = {"now": 0.0}
    estimator = ProgressEstimator({"verify": 10}, clock=lambda: clock["now"])
    estimator.begin("encode", 50)
    for second in range(50):
        before = estimator.at(second / 50, Reading())
        clock["now"] += 1
    estimator.begin("verify", 10)
    clock["now"] += 5
    after = estimator.at(None, Reading())
    assert before.fraction < after.fraction < 1
    assert after.eta_seconds == pytest.approx(5, abs=2)


def test_the_size_that_a_result_is_heading_for_is_corrected_as_it_grows():
    estimator = ProgressEstimator({}, expected_bytes=100_000_000)
    estimator.begin("encode", 10)
    assert estimator.at(0.0, Reading()).expected_bytes == 100_000_000
    assert estimator.at(0.001, Reading(seconds=1, bytes=48)).expected_bytes == 100_000_000
    assert estimator.at(0.5, Reading(seconds=300, bytes=80_000_000)).expected_bytes == pytest.approx(130e6, rel=0.01)


def test_without_samples_some_megabytes_tell_the_size():
    """Before, what is in the encoder and in the muxer weighs too much: the file is 48 bytes long."""
    estimator = ProgressEstimator({})
    estimator.begin("encode", 10)
    assert estimator.at(0.2, Reading(seconds=4, bytes=48)).expected_bytes is None
    assert estimator.at(0.5, Reading(seconds=10, bytes=400_000)).expected_bytes is None
    assert estimator.at(0.5, Reading(seconds=30, bytes=20_000_000)).expected_bytes == pytest.approx(40e6, rel=0.02)


def test_a_machine_that_is_far_too_slow_is_told_of_before_the_first_picture_is_made():
    clock = {"now": 0.0}
    estimator = ProgressEstimator({"verify": 1}, clock=lambda: clock["now"])
    estimator.begin("encode", 4)
    for _ in range(20):
        stuck = estimator.at(0.0, Reading())
        clock["now"] += 1
    assert stuck.fraction == 0
    assert stuck.eta_seconds > 20
    clock["now"] = 40
    moving = estimator.at(0.1, Reading())
    assert 0.05 < moving.fraction < 0.15


def test_a_source_of_unknown_length_still_shows_speed_and_bytes():
    estimator = ProgressEstimator({})
    estimator.begin("encode", 10)
    progress = estimator.at(None, read(LATER))
    assert (progress.fraction, progress.eta_seconds) == (None, None)
    assert (progress.fps, progress.speed, progress.bytes) == (222.46, 7.42, 786480)


def test_a_real_job_reports_every_phase_in_order_and_never_goes_back(media, compress):
    reports = compress(media / "film.mp4").reports
    phases = [phase for phase, _ in itertools.groupby(report.phase for report in reports)]
    assert phases[0] == "search"
    assert phases[-2:] == ["verify", "publish"]
    fractions = [report.fraction for report in reports if report.fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1
