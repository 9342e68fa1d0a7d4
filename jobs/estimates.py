"""What a job will bring, by what this server's own jobs have shown; and learning from each that ends.

There is a row for each kind of job (recipe, codec, size of the picture), a few dozen at most, so that asking costs one
look by its key however many jobs there were. The rows outlive the jobs.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from jobs.encoding import Estimate, Learned, MediaInfo, Options, Seen
from jobs.encoding.estimate import density_of, estimate, kind_of, known, pace_of
from jobs.models import Experience, Job

FADING = 0.97  # what each new job leaves of those before: about the newest 33 count

Told = dict[str, Any]


def estimates(options: Options, videos: list[Mapping[str, Any]]) -> list[Estimate]:
    """One for each; two queries at most. Each video says its `size`, and of the rest what is known."""
    media = [known(video) for video in videos]
    kinds = [kind_of(options, each) for each in media]
    learned = {row.kind: _learned(row) for row in Experience.objects.filter(kind__in=set(kinds))}
    return [estimate(options, each, learned.get(kind, Learned())) for each, kind in zip(media, kinds, strict=True)]


def told(options: Options, video: Mapping[str, Any]) -> Told | None:
    """The same, to be kept in the row of a job. None: nothing can be said."""
    (said,) = estimates(options, [video])
    if said.bytes is None or said.seconds is None:
        return None
    return {"bytes": list(said.bytes), "seconds": list(said.seconds), "from_jobs": said.from_jobs}


def learn(job: Job) -> None:
    """From a job that was completed."""
    facts = _facts(job)
    if not facts:
        return
    kind = kind_of(Options.from_dict(job.options), _media(job))
    Experience.objects.get_or_create(kind=kind)
    Experience.objects.filter(kind=kind).update(
        **{name: F(name) * FADING + fact for name, fact in facts.items()}  # one statement: two that end now both count
    )


def seconds_of(job: Job) -> float | None:
    """That it took, where it was done in one go."""
    if not job.started_at or not job.finished_at:
        return None
    return (job.finished_at - job.started_at).total_seconds()


def came_true(job: Job) -> tuple[bool, bool] | None:
    """Whether bytes, and seconds, were within what was told. None: nothing was."""
    seconds = seconds_of(job)
    if not job.predicted or not job.result or seconds is None:
        return None
    return (
        _is_within(job.result["size"], job.predicted["bytes"]),
        _is_within(seconds, job.predicted["seconds"]),
    )


def _facts(job: Job) -> dict[str, float]:
    """What is added to each column; a column that is not named stays as it is."""
    options, media, seconds = Options.from_dict(job.options), _media(job), seconds_of(job)
    density = density_of(options, media, job.result["size"]) if job.result else None
    if density is None:
        return {}
    facts = {"jobs": 1.0, "density": density, "density_squares": density**2}
    pace = pace_of(options, media, seconds) if seconds is not None else None
    if pace is not None and job.outcome == "compressed" and job.attempt == 1:
        facts |= {"paced": 1.0, "pace": pace, "pace_squares": pace**2}
    if right := came_true(job):
        facts |= {"told": 1.0, "bytes_right": float(right[0]), "seconds_right": float(right[1])}
    return facts


def _media(job: Job) -> MediaInfo:
    return known({**(job.source or {}), "size": job.size})


def _learned(row: Experience) -> Learned:
    return Learned(Seen(row.jobs, row.density, row.density_squares), Seen(row.paced, row.pace, row.pace_squares))


def _is_within(value: float, bounds: list[float]) -> bool:
    low, high = bounds
    return low <= value <= high
