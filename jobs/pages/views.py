"""The pages: HTML first. Everything a person can do here works without JavaScript."""

from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST

from jobs import encoding, errors, lifecycle, problems, schedule, totals
from jobs.addresses import is_loopback
from jobs.models import Job
from jobs.owners import job_to_change, name_visitor, owner_of, remember_visitor, requested_job
from jobs.pages.batches import bars
from jobs.pages.forms import SubmitForm, as_filled_in
from jobs.pages.listing import Listing
from jobs.read_only import read_only
from jobs.retry_after import retry_after
from jobs.snapshot import snapshot
from jobs.submission import parse
from jobs.submission.presets import presets_of
from jobs.submission.submit import submit, submit_whole


@gzip_page
@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The upload page. A POST is the form of a browser without JavaScript."""
    if settings.ACCESS == "login" and not request.user.is_authenticated:
        return redirect("login")
    name_visitor(request)
    response = _submit(request) if request.method == "POST" else _home(request, _form(request))
    remember_visitor(request, response)
    return response


def _form(request: HttpRequest) -> SubmitForm:
    """As it is offered to everybody; or, with `?preset=`, as its owner saved it."""
    saved = presets_of(owner_of(request)) if "preset" in request.GET else {}
    options = saved.get(request.GET.get("preset", ""))
    return SubmitForm(as_filled_in(options)) if options else SubmitForm()


def _submit(request: HttpRequest) -> HttpResponse:
    try:
        submitted = submit_whole(*parse.read_page(request, owner_of(request)))
    except errors.Problem as problem:
        return _refused(request, problem)
    return redirect("watch", submitted.job.id)


def _refused(request: HttpRequest, problem: errors.Problem) -> HttpResponse:
    response = _home(request, SubmitForm(request.POST), problem)
    for name, value in problems.headers(problem).items():
        response[name] = value
    return response


def _home(request: HttpRequest, form: SubmitForm, problem: errors.Problem | None = None) -> HttpResponse:
    owner = owner_of(request)
    page = Listing.of(request.GET.dict()).read(owner)
    context = {
        "form": form,
        "presets": presets_of(owner),
        "recipes": list(encoding.RECIPES.values()),
        "page": page,
        "batches": bars(owner, page.jobs),
        "saved_bytes": totals.saved_bytes(owner, page.jobs),
        "closure": schedule.stillness(),
        "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
        "problem": problems.document(problem) if problem else None,
        "complaints": problems.complaints(problem) if problem else [],
        "retry_after": problem.retry_after if problem else None,
    }
    return render(request, "home.html", context, status=problem.status if problem else 200)


@gzip_page
@never_cache
@ensure_csrf_cookie
@read_only
def watch(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job's page; without JavaScript it reloads itself, which is polling."""
    job = requested_job(request, job_id)
    context = {
        **_card(job),
        "job": job,
        "is_local": is_loopback(request.get_host()),
        "refresh_seconds": None if job.is_final else min(retry_after(job), 10),
    }
    return render(request, "watch.html", context)


@read_only
def code(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The address of the job's page as a QR code, in SVG."""
    requested_job(request, job_id, "id")
    address = request.build_absolute_uri(reverse("watch", args=[job_id]))
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True)
    headers = {"Cache-Control": "private, max-age=86400"}
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers=headers)


@gzip_page
@never_cache
@read_only
def card(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job as the page shows it, for the page's script to put in place."""
    return render(request, "fragments/card.html", _card(requested_job(request, job_id)))


def _card(job: Job) -> dict[str, Any]:
    """What the card of one job shows; of one that waits, why nothing begins."""
    return {"snapshot": snapshot(job), "closure": schedule.stillness() if job.is_waiting else None}


@require_POST
def delete(request: HttpRequest, job_id: UUID) -> HttpResponse:
    lifecycle.delete(job_to_change(request, job_id))
    return redirect("watch", job_id)


@require_POST
def delete_source(request: HttpRequest, job_id: UUID) -> HttpResponse:
    lifecycle.delete_source_alone(job_to_change(request, job_id))
    return redirect("watch", job_id)


@require_POST
def another(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Another recipe for a video that is here."""
    submitted = submit(parse.read_another(request, owner_of(request), job_id))
    return redirect("watch", submitted.job.id)


@require_POST
def choose(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """By one of the buttons below the pictures."""
    quality = request.POST.get("quality", "")
    lifecycle.choose(job_to_change(request, job_id), int(quality) if quality.isdecimal() else 0)
    return redirect("watch", job_id)


@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    lifecycle.retry(job_to_change(request, job_id))
    return redirect("watch", job_id)


MOVES = {
    "first": lifecycle.put_first,
    "last": lifecycle.put_last,
    "hold": lifecycle.hold,
    "release": lifecycle.release,
}


@require_POST
def move(request: HttpRequest, job_id: UUID, how: str) -> HttpResponse:
    MOVES[how](job_to_change(request, job_id))
    return redirect("watch", job_id)


@gzip_page
@read_only
def problem_list(request: HttpRequest) -> HttpResponse:
    """What each problem's `type` points to."""
    return render(request, "problems.html", {"problems": list(errors.catalogue().values())})
