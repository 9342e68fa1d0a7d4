"""The pages: HTML first. Everything a person can do here works without JavaScript."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jobs import encoding, errors, forms, health, lifecycle, submission
from jobs.estimate import retry_after
from jobs.events import snapshot
from jobs.models import Job
from jobs.owners import name_visitor, owner_of, requested_job
from jobs.problems import document

RECENT = 30  # jobs listed below the form


@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The upload page. A POST is the form of a browser without JavaScript."""
    if settings.ACCESS == "login" and not request.user.is_authenticated:
        return redirect("login")
    name_visitor(request)
    if request.method == "POST":
        return _submit(request)
    return _home(request, forms.SubmitForm())


def _submit(request: HttpRequest) -> HttpResponse:
    try:
        receipt = submission.submit(*forms.read_multipart(request, owner_of(request)))
    except errors.Problem as problem:
        form = forms.SubmitForm(request.POST)
        return _home(request, form, problem)
    return redirect("watch", receipt.job.id)


def _home(request: HttpRequest, form: forms.SubmitForm, problem: errors.Problem | None = None) -> HttpResponse:
    jobs = Job.objects.owned_by(owner_of(request))[:RECENT]
    context = {
        "form": form,
        "recipes": list(encoding.RECIPES.values()),
        "options": encoding.fields_schema(),
        "recent": [snapshot(job) for job in jobs],
        "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
        "problem": document(problem) if problem else None,
    }
    return render(request, "home.html", context, status=problem.status if problem else 200)


@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD"])
def watch(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job's page; without JavaScript it reloads itself, which is polling."""
    job = requested_job(request, job_id)
    context = {
        "job": job,
        "snapshot": snapshot(job),
        "refresh_seconds": None if job.is_final else min(retry_after(job), 10),
    }
    return render(request, "watch.html", context)


@require_POST
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    lifecycle.discard(requested_job(request, job_id))
    return redirect("watch", job_id)


@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    lifecycle.retry(requested_job(request, job_id))
    return redirect("watch", job_id)


@require_GET
def problem_list(request: HttpRequest) -> HttpResponse:
    """What each problem's `type` points to."""
    return render(request, "problems.html", {"problems": list(errors.catalogue().values())})


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Can serve: database, Redis, storage and a live worker, each `ok` or what is wrong with it."""
    findings = health.findings()
    ready = all(finding == "ok" for finding in findings.values())
    return JsonResponse(findings, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
