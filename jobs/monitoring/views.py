"""What monitoring asks: alive, can serve, numbers."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from jobs import errors
from jobs.monitoring import health
from jobs.monitoring import metrics as numbers
from jobs.owners import BY_MONITOR
from jobs.read_only import read_only


@read_only
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@read_only
def readyz(request: HttpRequest) -> HttpResponse:
    """Can serve: database, Redis, storage and a live worker, each `ok` or what is wrong with it."""
    findings = health.findings()
    ready = all(finding == "ok" for finding in findings.values())
    if not _is_told(request):
        findings = {"status": "ok" if ready else "unavailable"}
    return JsonResponse(findings, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


@read_only
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus."""
    if not _is_told(request):
        raise errors.LoginRequired("Send `METRICS_TOKEN` as `Authorization: Bearer <token>`.")
    return HttpResponse(numbers.text(), content_type=numbers.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _is_told(request: HttpRequest) -> bool:
    """Everybody, unless the operator has set METRICS_TOKEN."""
    return not settings.METRICS_TOKEN or BY_MONITOR in request.META
