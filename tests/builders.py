"""What several tests begin with: a job in some state, a video to post."""

import uuid
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jobs import lifecycle
from jobs.encoding import MediaInfo, Plan, parse_options
from jobs.encoding.cuts import stretches
from jobs.encoding.media import Cut
from jobs.encoding.stills import Stills
from jobs.models import Job
from jobs.states import State
from jobs.storage import storage

NO_PICTURES = {"poster": None, "frames": []}
VIDEO = b"not really a video, but the doors do not look inside"


def video(name: str = "holiday.mov", content: bytes = VIDEO) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="video/quicktime")


def make_job(state: State = State.QUEUED, *, with_source: bool = False, **fields: Any) -> Job:
    """A row in `state` with what belongs to it; `with_source` puts bytes on the disk as well."""
    now = timezone.now()
    defaults: dict[str, Any] = {
        "id": uuid.uuid4(),
        "state": state,
        "filename": "holiday.mov",
        "size": len(VIDEO),
        "kept_bytes": len(VIDEO),
        "options": parse_options({}).as_dict(),
        "queued_at": now,
        "heartbeat_at": now,
    }
    job = Job.objects.create(**{**defaults, **fields})
    if with_source:
        write_source(job)
    return job


def write_source(job: Job, content: bytes = VIDEO) -> Path:
    storage.begin_source(job.id)
    path = home_of(job) / "source"
    path.write_bytes(content)
    return path


def home_of(job: Job) -> Path:
    """Where all files of a job are, in files."""
    return Path(settings.MEDIA_ROOT) / "jobs" / str(job.id)


def has_source(job: Job) -> bool:
    return (home_of(job) / "source").exists()


def result_of(job: Job, attempt: int | None = None) -> Path:
    return home_of(job) / f"result-{attempt or job.attempt}" / "result"


def completed_job(content: bytes = b"0123456789", **fields: Any) -> Job:
    """A job whose result is there to be fetched."""
    now = timezone.now()
    result = {
        "size": len(content),
        "crc32": zlib.crc32(content),
        "extension": "mp4",
        "content_type": "video/mp4",
        "pictures": NO_PICTURES,
    }
    defaults = {
        "result": result,
        "outcome": "compressed",
        "saved_bytes": fields.get("size", len(VIDEO)) - len(content),
        "started_at": now,
        "finished_at": now,
        "expires_at": now + timedelta(hours=1),
    }
    job = make_job(State.COMPLETED, **{**defaults, **fields})
    path = result_of(job)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return job


def failed_job(**fields: Any) -> Job:
    """A job that another try might help."""
    expires_at = timezone.now() + timedelta(hours=1)
    return make_job(
        State.FAILED, with_source=True, **{"error_code": "internal_failure", "expires_at": expires_at, **fields}
    )


def visitor_of(client: Client) -> str:
    """The name that the page gave this browser."""
    return signing.TimestampSigner(salt="compressor.visitor").unsign(client.cookies["visitor"].value)


def outcome_at(path: Path) -> Any:
    """What the engine answers whose result is here: five bytes."""
    path.write_bytes(b"small")
    return SimpleNamespace(
        path=path,
        outcome="compressed",
        extension="mp4",
        content_type="video/mp4",
        log="",
        stills=Stills(),
        is_source=False,
        as_dict=lambda: {"video_codec": "h264"},
    )


def film_in_pieces(count: int, **fields: Any) -> Job:
    """A job that was cut into pieces of two seconds, none of which is made."""
    now = timezone.now()
    job = make_job(State.RUNNING, **{"started_at": now, "worker": "w", **fields})
    return lifecycle.cut(job, make_plan(count))


def make_plan(pieces: int) -> Plan:
    """Of two seconds each, with a key frame after every half of a second."""
    options = parse_options({})
    media = MediaInfo(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        size=10**9,
        duration=2.0 * pieces,
        width=640,
        height=360,
        rotation=0,
        fps=25.0,
        frames=50 * pieces,
        video_codec="h264",
        pixel_format="yuv420p",
    )
    cuts = tuple(Cut(n / 2, n / 2, round(12.5 * n), 3.125 * n * n, 0.0) for n in range(1, 4 * pieces))
    parts = stretches(replace(media, cuts=cuts, times=50.0 * pieces * pieces), 2.0) if pieces else ()
    return Plan(options, options, media, parts, crf=25.0, is_measured=True)
