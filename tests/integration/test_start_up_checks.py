"""What is wrong with an installation is said before a job finds out."""

import os

import pytest
from django.core.checks import run_checks

from jobs.sandbox.confinement import lacking


def found(tag):
    return {message.id: message for message in run_checks(tags=[tag])}


def test_a_sound_installation_has_nothing_to_say():
    assert found("compressor").keys() == ({"jobs.W003"} if lacking() else set())
    assert found("redis") == {}


@pytest.mark.parametrize("binary", ["/no/such/ffmpeg", "/bin/false"])
def test_an_ffmpeg_that_does_not_run_is_named_with_what_to_do(monkeypatch, binary):
    monkeypatch.setenv("FFMPEG_BINARY", binary)
    assert "FFMPEG_BINARY" in found("compressor")["jobs.E001"].hint


def test_an_ffmpeg_may_be_a_script(monkeypatch, tmp_path):
    script = tmp_path / "ffmpeg"
    script.write_text("#!/bin/sh\nexec echo ffmpeg version 9\n")
    script.chmod(0o755)
    monkeypatch.setenv("FFMPEG_BINARY", str(script))
    assert "jobs.E001" not in found("compressor")


def test_what_the_kernel_lacks_to_confine_ffmpeg_is_said_and_ffmpeg_runs_all_the_same(monkeypatch):
    monkeypatch.setattr("jobs.sandbox.landlock.version", lambda: 0)
    monkeypatch.setattr("jobs.sandbox.seccomp.is_available", lambda: False)
    messages = run_checks(tags=["compressor"])
    assert {message.id for message in messages} == {"jobs.W003"}
    assert "Landlock" in messages[0].msg
    assert "seccomp" in messages[1].msg


def test_a_data_directory_that_cannot_be_written_to(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "gone"
    assert "DATA_DIR" in found("compressor")["jobs.E002"].hint


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [("JOB_TIMEOUT", 180, "jobs.E003"), ("JOB_LEASE", 1, "jobs.E004"), ("SWEEP_INTERVAL", 3600.0, "jobs.W002")],
)
def test_times_that_would_lose_jobs_or_do_them_twice(settings, name, value, check):
    setattr(settings, name, value)
    assert found("compressor")[check].hint


def test_a_redis_that_is_away_is_a_warning_because_jobs_wait_in_the_database(monkeypatch):
    monkeypatch.setattr("django_rq.connection_utils.get_connection", None)
    monkeypatch.setattr("jobs.queue.get_connection", lambda name: unreachable())
    assert "REDIS_URL" in found("redis")["jobs.W001"].hint


def unreachable():
    from redis import Redis

    return Redis(unix_socket_path=os.devnull)
