"""What the world is told of a job: one document, a function of the row; the same by poll, by push and in the page."""

import functools
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from django.urls import reverse

from jobs.documents import (
    Choice,
    Failure,
    Links,
    PicturePair,
    Pictures,
    RecipeInfo,
    ResultInfo,
    Snapshot,
    SoundInfo,
    SourceInfo,
    SubtitleInfo,
)
from jobs.models import Job
from jobs.states import State

BLANKS = (str(UUID(int=0)), "blank")  # in a cached address: the job's id, a picture's name

T = TypeVar("T")


def snapshot(job: Job) -> Snapshot:
    """Reads nothing but the row, which must come from `schedule.place` for a queued job."""
    return {
        "id": str(job.id),
        "client_job_id": job.client_job_id,
        "state": job.state,
        "is_final": job.is_final,
        "revision": job.revision,
        "attempt": job.attempt,
        "recipe": _recipe(job),
        "batch": job.batch or None,
        "folder": job.folder or None,
        "filename": job.filename,
        "last_modified": job.last_modified_there.isoformat() if job.last_modified_there else None,
        "created_at": _rfc3339(job.created_at) or "",
        "started_at": _rfc3339(job.started_at),
        "finished_at": _rfc3339(job.finished_at),
        "expires_at": _rfc3339(job.expires_at),
        "source_expires_at": _rfc3339(job.source_kept_until),
        "source_of": str(job.source_of) if job.source_of else None,
        "outcome": job.outcome or None,
        "position": job.position,
        "is_held": job.held_at is not None,
        "choices": _choices(job),
        "progress": job.progress if job.state == State.RUNNING else None,
        "received_bytes": job.received_bytes if job.state == State.UPLOADING else None,
        "source": _source(job),
        "result": _result(job),
        "error": _failure(job),
        "links": _links(job),
    }


def _recipe(job: Job) -> RecipeInfo:
    preset = {"preset": job.asked["preset"]} if job.asked else {}
    chosen = {"quality": job.chosen_quality} if job.chosen_quality else {}
    return _only(RecipeInfo, {**job.options, **preset, **chosen, "name": job.options["recipe"]})


def _choices(job: Job) -> list[Choice] | None:
    if not job.choices or not job.awaits_choice:
        return None
    return [
        Choice(
            quality=offer["quality"],
            expected_bytes=offer["expected_bytes"],
            pictures=_pair(job, offer["pictures"]),
        )
        for offer in job.choices["offers"]
    ]


def _pair(job: Job, names: dict[str, str] | None) -> PicturePair | None:
    if names is None:
        return None
    source, result = (address("api:offer", job, names[side]) for side in ("source", "result"))
    return PicturePair(source=source, result=result)


def _source(job: Job) -> SourceInfo:
    found = job.source or {}
    tracks = {
        name: [_only(kind, track) for track in found[name]]
        for name, kind in (("sounds", SoundInfo), ("subtitles", SubtitleInfo))
        if name in found
    }
    return _only(SourceInfo, {**found, **tracks, "size": job.size})


def _result(job: Job) -> ResultInfo | None:
    if job.result is None or job.state != State.COMPLETED:
        return None
    unknown: dict[str, Any] = {**dict.fromkeys(ResultInfo.__annotations__), "audio_codecs": [], "notes": []}
    addresses = {
        "url": address("api:result", job),
        "filename": job.result_filename,
        "saved_fraction": job.saved_fraction,
        "pictures": _pictures(job, job.result["pictures"]),
    }
    return _only(ResultInfo, {**unknown, "is_hdr": False, **job.result, **addresses})


def _pictures(job: Job, names: dict[str, Any]) -> Pictures:
    def picture(name: str) -> str:
        return address("api:picture", job, name)

    frames = [PicturePair(source=picture(pair["source"]), result=picture(pair["result"])) for pair in names["frames"]]
    return {"poster": picture(names["poster"]) if names["poster"] else None, "frames": frames}


def _failure(job: Job) -> Failure | None:
    problem = job.problem
    if problem is None:
        return None
    return {
        "code": problem.code,
        "title": problem.title,
        "detail": problem.detail,
        "message": problem.message,
        "retryable": job.is_retryable,
    }


def _links(job: Job) -> Links:
    def link(name: str, available: bool) -> str | None:
        return address(name, job) if available else None

    return {
        "self": address("api:job", job),
        "watch": address("watch", job),
        "events": f"/ws/jobs/{job.id}",
        "result": link("api:result", job.state == State.COMPLETED),
        "cancel": link("api:job", not job.is_final),
        "delete": link("api:job", job.is_final and job.is_kept),
        "delete_source": link("api:source", job.has_spare_source),
        "another": _fixed("api:submit") if job.has_source else None,
        "first": link("api:first", job.is_waiting),
        "last": link("api:last", job.is_waiting),
        "hold": link("api:hold", not job.is_final and job.held_at is None),
        "release": link("api:release", not job.is_final and job.held_at is not None),
        "choose": link("api:choose", job.awaits_choice),
        "retry": link("api:retry", job.is_retryable),
        "upload": link("upload", job.state == State.UPLOADING),
    }


def address(name: str, job: Job, *parts: str) -> str:
    return path_of(name, str(job.id), *parts)


def path_of(name: str, *parts: str) -> str:
    """As `reverse` would say, which takes as long as all the rest of a snapshot. `parts`: a job's id, and a name."""
    path = _pattern(name, len(parts))
    for blank, part in zip(BLANKS, parts, strict=False):
        path = path.replace(blank, part)
    return path


@functools.cache
def _pattern(name: str, parts: int) -> str:
    return reverse(name, args=BLANKS[:parts])


@functools.cache
def _fixed(name: str) -> str:
    return reverse(name)


def _only(kind: type[T], values: dict[str, Any]) -> T:
    """Of `values`, those that the contract names: what else the engine knows is its own."""
    return cast(T, {name: values[name] for name in kind.__annotations__ if name in values})


def _rfc3339(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
