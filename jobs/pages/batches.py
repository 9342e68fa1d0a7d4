"""A batch on the page: one bar above its videos, whose buttons are forms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST

from jobs import batches, schedule
from jobs.models import Job, JobQuerySet, Owner
from jobs.owners import owner_of
from jobs.read_only import read_only
from jobs.snapshot import snapshot

MOST_BARS = 5  # above the list
LISTED = 100  # jobs on the page of a batch
MOST_DIGITS = 16  # of a number that the page's script tells


def bars(owner: Owner, listed: list[Job]) -> list[dict[str, Any]]:
    """What the page shows of the batches of these jobs, in their order; not of a video that came alone."""
    ids = list(dict.fromkeys(job.batch for job in listed if job.batch))[:MOST_BARS]
    if not ids:
        return []
    found = batches.standings(batches.batches_of(owner, ids))
    return [dict(found[batch]) for batch in ids if batch in found and found[batch]["jobs"] > 1]


@never_cache
@ensure_csrf_cookie
@read_only
def watch(request: HttpRequest, batch: str) -> HttpResponse:
    """The batch's page; without JavaScript it reloads itself."""
    jobs = _requested(request, batch)
    listed = schedule.place(jobs.kept().lean().order_by("created_at", "id")[:LISTED])
    document = batches.standing(jobs)
    context = {
        "batch": document,
        "recent": [snapshot(job) for job in listed],
        "refresh_seconds": None if document["is_final"] else 10,
    }
    return render(request, "watch_batch.html", context)


@never_cache
@read_only
def bar(request: HttpRequest, batch: str) -> HttpResponse:
    """For the page's script to put in place, which tells what it has yet to send."""
    unsent, size = (_number(request.GET.get(name, "")) for name in ("unsent", "bytes"))
    document = _with_unsent(dict(batches.standing(_requested(request, batch))), unsent, size)
    return render(request, "fragments/batch.html", {"batch": document})


@require_POST
def change(request: HttpRequest, batch: str, verb: str) -> HttpResponse:
    batches.VERBS[verb](_requested(request, batch))
    return redirect("watch-batch", batch)


def _with_unsent(document: dict[str, Any], unsent: int, size: int) -> dict[str, Any]:
    """Of what waits in the page for its turn to be sent there is no job yet."""
    if not unsent:
        return document
    total = document["bytes"]
    return {
        **document,
        "unsent": unsent,
        "is_final": False,
        "jobs": document["jobs"] + unsent,
        "fraction": document["fraction"] * total / max(1, total + size),
        "eta_seconds": None,
    }


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < MOST_DIGITS else 0


def _requested(request: HttpRequest, batch: str) -> JobQuerySet:
    return batches.jobs_of(owner_of(request), batch)
