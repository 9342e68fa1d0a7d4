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
    """The progress of runs of (phase, expected seconds, real seconds), a report every second."""
    clock = {"now": 0.0}
    estimator = ProgressEstimator(dict(ahead or {}), clock=lambda: clock["now"])
    for phase, expected, real in runs:
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
