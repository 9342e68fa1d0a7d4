"""An ffmpeg that stands still is ended, and the work is tried once more with one thread; too much is not begun."""

import subprocess
import sys
from pathlib import Path

import pytest

from jobs import encoding, errors
from jobs.encoding import EncodeArgs, encoder
from jobs.encoding.codecs import CODECS
from jobs.encoding.command import video_options
from jobs.encoding.progress import ProgressEstimator, Reading
from jobs.encoding.recipes import Method
from jobs.encoding.session import EncodeSession
from jobs.encoding.watchdog import PATIENCE, Watchdog
from jobs.encoding.weight import AN_HOUR, check_weight
from tests.unit.encoding.test_tracks import media

IDLE = "print('here', flush=True); import time; time.sleep(600)"
BUSY = "print('here', flush=True)\nwhile True: pass"


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def watched():
    """A child that does what it is told, and a watchdog with a patience of 2 s and a clock of its own."""
    children = []

    def start(script):
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        child.stdout.readline()
        children.append(child)
        clock = Clock()
        return Watchdog(child.pid, 2.0, clock), clock

    yield start
    for child in children:
        child.kill()
        child.communicate()


def looks(watchdog, clock, seconds, reading=None):
    """Two looks a second, for so long."""
    found = False
    for _ in range(int(seconds * 2)):
        clock.now += 0.5
        found = watchdog.finds_stalled(reading or Reading(frames=1))
    return found


def test_a_child_that_neither_works_nor_tells_of_progress_has_stalled(watched):
    watchdog, clock = watched(IDLE)
    assert not looks(watchdog, clock, 2)
    assert looks(watchdog, clock, 1)


def test_progress_in_media_time_begins_its_time_anew(watched):
    watchdog, clock = watched(IDLE)
    assert not any(looks(watchdog, clock, 1.5, Reading(seconds=second)) for second in (1.0, 2.0, 3.0))


def test_one_that_works_has_more_time_but_not_for_ever(watched, monkeypatch):
    watchdog, clock = watched(BUSY)
    worked = iter(range(10_000))
    monkeypatch.setattr("jobs.encoding.watchdog.processor_seconds", lambda pid: next(worked))
    assert not looks(watchdog, clock, 2 * PATIENCE)
    assert looks(watchdog, clock, 1)


def test_time_in_which_nobody_looked_is_not_held_against_it(watched):
    watchdog, clock = watched(IDLE)
    clock.now += 3600
    assert not watchdog.finds_stalled(Reading(frames=1))


def test_a_run_that_stalls_ends_as_such_and_may_be_tried_again(tmp_path):
    args = EncodeArgs(encoding.parse_options({}), media(), tmp_path / "source", stall_seconds=0.5)
    session = EncodeSession(args, tmp_path, lambda progress: True, ProgressEstimator({}))
    with pytest.raises(errors.EncoderStalled) as stalled:
        session.run([sys.executable, "-I", "-S", "-c", IDLE], "encode", media_seconds=None, expected=1.0)
    assert stalled.value.retryable
    assert "no progress" in stalled.value.log


@pytest.mark.parametrize("failure", [errors.EncoderStalled, errors.OutOfMemory])
def test_it_is_tried_once_more_with_one_thread(tmp_path, monkeypatch, failure):
    tries = []

    def fails(session):
        tries.append(session.args.threads)
        raise failure

    monkeypatch.setitem(encoder.METHODS, Method.SINGLE, fails)
    args = EncodeArgs(encoding.parse_options({"recipe": "fast"}), media(), Path("source"))
    with pytest.raises(failure):
        encoding.compress(args, tmp_path, lambda progress: True)
    assert tries == [None, 1]


@pytest.mark.parametrize("codec", list(CODECS))
def test_one_thread_is_what_every_encoder_is_told(codec):
    args = EncodeArgs(encoding.parse_options({"codec": codec}), media(), Path("source"), threads=1)
    told = video_options(args, {})
    assert told.get("threads:v:0") == 1 or "lp=1" in told["svtav1-params:v:0"].split(":")


def test_more_work_than_the_server_takes_on_is_refused_in_words():
    bomb = media(width=8192, height=8192, frames=10_000_000)
    with pytest.raises(errors.SourceTooDemanding) as refused:
        check_weight(bomb, 45 * AN_HOUR)
    assert "10,000,000 pictures of 8192×8192" in refused.value.detail
    assert "at most 45 hours" in refused.value.detail
    check_weight(media(width=3840, height=2160, frames=60 * 3 * 3600), 45 * AN_HOUR)
    check_weight(bomb, None)
