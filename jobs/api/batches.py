"""Batches over HTTP (docs/clients.md): read the request, one verb, answer."""

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import register_converter, reverse
from django.utils.cache import get_conditional_response
from ninja import Router

from jobs import batches, problems
from jobs.api import openapi_batches as openapi
from jobs.api.openapi import readable
from jobs.api.ranges import Saved, serve
from jobs.batches.ids import BatchId
from jobs.models import JobQuerySet
from jobs.owners import owner_of

register_converter(BatchId, "batch")
router = Router()


@readable(router, "/batches/{batch:batch}", openapi.STATUS, url_name="batch")
def status(request: HttpRequest, batch: str) -> HttpResponse:
    """202 while one of its jobs lives, then 200. A browser that navigates here is shown the batch's page."""
    jobs = _requested(request, batch)
    if problems.prefers_html(request):
        return HttpResponse(status=303, headers={"Location": reverse("watch-batch", args=[batch]), "Vary": "Accept"})
    answer = _answer(jobs)
    return cast(HttpResponse, get_conditional_response(request, etag=answer["ETag"], response=answer)) or answer


@readable(router, "/batches/{batch:batch}/results.zip", openapi.RESULTS, url_name="batch-results")
def results(request: HttpRequest, batch: str) -> HttpResponseBase:
    """Of those that are done; the others are named in `not-included.txt`, with the reason. The files are stored."""
    jobs = _requested(request, batch)
    archive = batches.archive_of(jobs)
    return serve(
        request,
        archive,
        content_type="application/zip",
        etag=f'"{archive.digest}"',
        to_be=Saved(batches.archive_name(jobs), None),
    )


@router.post("/batches/{batch:batch}/cancel", url_name="batch-cancel", **openapi.CANCEL)
def cancel(request: HttpRequest, batch: str) -> HttpResponse:
    """Some hundred at a time: while `links.cancel` is there, there is more to cancel."""
    return _changed(request, batch, "cancel")


@router.post("/batches/{batch:batch}/retry", url_name="batch-retry", **openapi.RETRY)
def retry(request: HttpRequest, batch: str) -> HttpResponse:
    """Those that may go better next time, some hundred at a time. Each needs a place in the queue, as new ones do."""
    return _changed(request, batch, "retry")


@router.post("/batches/{batch:batch}/clear", url_name="batch-clear", **openapi.CLEAR)
def clear(request: HttpRequest, batch: str) -> HttpResponse:
    """Some hundred at a time: while `links.clear` is there, there is more to delete. What lives is left alone."""
    return _changed(request, batch, "clear")


@router.delete("/batches/{batch:batch}", **openapi.DELETE)
def delete(request: HttpRequest, batch: str) -> HttpResponse:
    """Some hundred at a time: 202 where there is more to delete, then 204."""
    jobs = _requested(request, batch)
    batches.VERBS["delete"](jobs)
    return _answer(jobs, status=202) if jobs.kept().exists() else HttpResponse(status=204)


def _requested(request: HttpRequest, batch: str) -> JobQuerySet:
    return batches.jobs_of(owner_of(request), batch)


def _changed(request: HttpRequest, batch: str, verb: str) -> HttpResponse:
    jobs = _requested(request, batch)
    batches.VERBS[verb](jobs)
    return _answer(jobs)


def _answer(jobs: JobQuerySet, status: int | None = None) -> HttpResponse:
    document = batches.standing(jobs)
    status = status or (200 if document["is_final"] else 202)
    answer = JsonResponse(document, status=status, headers=problems.PRIVATE)
    answer["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    if answer.status_code == 202:
        answer["Retry-After"] = "5"
    return answer
