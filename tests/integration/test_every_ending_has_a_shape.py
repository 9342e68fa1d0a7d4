"""However an attempt ends, the row says so at once: with a code, a sentence, and what operators need."""

import errno
import sys

import pytest

from jobs import encoding, errors, lifecycle, queue, tasks
from jobs.encoding import ffmpeg
from jobs.models import Job
from jobs.sandbox.confinement import Limits
from jobs.states import State
from tests.builders import make_job

pytestmark = pytest.mark.django_db


def attempt_that_meets(monkeypatch, error: BaseException) -> Job:
    def inspect(source, tick, nice, part=None):
        raise error

    monkeypatch.setattr(encoding, "inspect", inspect)
    make_job(with_source=True)
    tasks.take_turn()
    return Job.objects.get()


def test_a_defect_of_ours_ends_the_job_at_once_and_shows_operators_where(client, monkeypatch):
    job = attempt_that_meets(monkeypatch, KeyError("no such stream"))
    assert (job.state, job.error_code, job.attempt) == (State.FAILED, "internal_failure", 1)
    assert "KeyError: 'no such stream'" in job.log
    assert "Traceback" in job.log
    told = client.get(f"/jobs/{job.id}")
    assert (told.status_code, told.json()["retryable"]) == (400, True)
    assert "KeyError" not in told.content.decode()


def test_a_disk_that_is_full_is_not_called_a_defect(monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")
    assert attempt_that_meets(monkeypatch, full).error_code == "out_of_room"


def test_a_failure_of_the_source_keeps_its_own_code(monkeypatch):
    assert attempt_that_meets(monkeypatch, errors.AudioOnly()).error_code == "audio_only"


def test_a_worker_that_is_told_to_end_before_it_began_hands_the_job_back(monkeypatch):
    job = attempt_that_meets(monkeypatch, queue.Shutdown("shut down imminent", {}))
    assert (job.state, job.attempt, job.losses) == (State.QUEUED, 2, 0)


def test_a_job_that_was_canceled_while_its_worker_met_a_defect_stays_canceled(monkeypatch):
    def inspect(source, tick, nice, part=None):
        lifecycle.cancel(Job.objects.get())
        raise KeyError

    monkeypatch.setattr(encoding, "inspect", inspect)
    make_job(with_source=True)
    tasks.take_turn()
    assert Job.objects.get().state == State.CANCELED


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        ("import sys; print('moov atom not found', file=sys.stderr); sys.exit(187)", "exit status 187"),
        ("import os; print('moov atom not found', flush=True); os.kill(os.getpid(), 11)", "ended by SIGSEGV"),
    ],
)
def test_a_failed_ffmpeg_is_told_with_its_command_its_words_and_its_end(script, ending):
    argv = [sys.executable, "-c", script]
    with pytest.raises(ffmpeg.Failed) as failed, ffmpeg.running(argv, Limits().apply) as process:
        list(process)
    first, *_, last = failed.value.log.splitlines()
    assert first.startswith(f"$ {sys.executable} -c ")
    assert last == ending
