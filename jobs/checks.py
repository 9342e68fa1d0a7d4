"""Start-up checks: what is wrong is said before a job finds out."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from jobs import encoding, queue
from jobs.sandbox.confinement import lacking
from jobs.storage import storage
from jobs.unreachable import RedisUnreachable


@register("compressor")
def check_ffmpeg(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    try:
        encoding.tools_version()
    except OSError as error:
        hint = (
            "Set FFMPEG_BINARY to an ffmpeg that runs, or unset it to use the one in the imageio-ffmpeg wheel. "
            "It runs confined: it starts no other process, and sees programs and libraries of the system and its own."
        )
        return [Error(f"ffmpeg does not run: {error}", hint=hint, id="jobs.E001")]
    return []


@register("compressor")
def check_sandbox(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    hint = "ffmpeg runs all the same. Run the workers on a newer kernel, or where nothing else is kept."
    return [
        Warning(f"This machine cannot fully confine ffmpeg. Missing: {words}", hint=hint, id="jobs.W003")
        for words in lacking()
    ]


@register("redis")
def check_redis(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    try:
        queue.ping()
    except RedisUnreachable as error:
        hint = "Start Redis, or set REDIS_URL. Jobs are accepted meanwhile and wait in the database."
        return [Warning(f"Redis does not answer: {error}", hint=hint, id="jobs.W001")]
    return []


@register("compressor")
def check_storage(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    if storage.is_writable():
        return []
    hint = "Give the server's user the right to write there, or set DATA_DIR to a directory where it may."
    return [Error(f"{settings.MEDIA_ROOT} is not writable", hint=hint, id="jobs.E002")]


@register("compressor")
def check_times(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """Times that contradict each other turn into jobs that are lost or done twice."""
    found: list[CheckMessage] = []
    if settings.JOB_TIMEOUT < 600:
        hint = "RQ's own default of 180 s ends a film half-way; a day is a sane JOB_TIMEOUT."
        found.append(Error("JOB_TIMEOUT is too short for a film", hint=hint, id="jobs.E003"))
    if settings.JOB_LEASE < 3:
        hint = "A worker reports about once a second; a lease below 3 s would take jobs from healthy workers."
        found.append(Error("JOB_LEASE is too short", hint=hint, id="jobs.E004"))
    if settings.SWEEP_INTERVAL > settings.JOB_LEASE:
        hint = "The sweep rescues lost jobs: let it run at least once in a JOB_LEASE."
        found.append(Warning("SWEEP_INTERVAL is longer than JOB_LEASE", hint=hint, id="jobs.W002"))
    return found
