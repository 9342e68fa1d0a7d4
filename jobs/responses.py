"""How a job's state becomes an HTTP answer (docs/clients.md): the same for a poll and for a replay."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response

from jobs import errors, problems
from jobs.documents import Snapshot
from jobs.models import Job
from jobs.retry_after import retry_after
from jobs.snapshot import address, snapshot
from jobs.states import LIVE, State

PRECONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH"}  # RFC 9110 section 13.1, as Django calls these headers
TELLING = ("owner", "state", "revision", "held_at")  # fields that tell whether there is news, and for whom
SUCCEEDS = LIVE | {State.COMPLETED}  # a poll of these is answered with 2xx


def answer(request: HttpRequest, job: Job) -> HttpResponse:
    """202 while it lives, 200 completed, 400 failed, 410 canceled or expired."""
    document = snapshot(job)
    problem = _problem(job, document)
    if problem:
        response = problems.response(request, problem)
    else:
        status = 200 if job.state == State.COMPLETED else 202
        response = JsonResponse(document, status=status, headers=problems.PRIVATE)
    response["ETag"] = etag(job)
    response["Content-Location"] = document["links"]["self"]
    if response.status_code == 202:
        response["Retry-After"] = str(retry_after(job))
    if link := document["links"]["result"]:
        response["Link"] = f'<{link}>; rel="item"'
    return response


def conditional(request: HttpRequest, job: Job) -> HttpResponse:
    """The same for GET and HEAD, where a client that has this revision already is told so."""
    return precondition_answer(request, job) or answer(request, job)


def precondition_answer(request: HttpRequest, job: Job) -> HttpResponse | None:
    """304 where the client has this revision, 412 where it wants another one; None: it is to have the document.

    RFC 9110 section 13.2.1: only what would have succeeded is conditional.
    """
    if job.state not in SUCCEEDS or not PRECONDITIONS & request.META.keys():
        return None
    bare = HttpResponse(headers={**problems.PRIVATE, "ETag": etag(job), "Content-Location": address("api:job", job)})
    found = get_conditional_response(request, etag=etag(job), response=bare)
    return found if found is not bare else None


def submitted(request: HttpRequest, job: Job, *, replayed: bool) -> HttpResponse:
    """What the submitter gets: the job as it is now, where to follow it, and whether it was there before."""
    response = answer(request, job)
    response["Location"] = response["Content-Location"]
    if replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def etag(job: Job) -> str:
    """The revision, and the place in the queue, which moves without the job being touched."""
    place = f".{job.position}" if job.state == State.QUEUED else ""
    return f'"{job.revision}{place}"'


def _problem(job: Job, document: Snapshot) -> errors.Problem | None:
    problem: errors.Problem | None
    match job.state:
        case State.FAILED:
            problem = job.problem
        case State.CANCELED:
            problem = errors.JobCanceled()
        case State.EXPIRED:
            problem = errors.JobExpired()
        case _:
            return None
    if problem is None:
        return None
    if job.state == State.FAILED:
        problem.members["retry"] = document["links"]["retry"]
        problem.members["retryable"] = job.is_retryable
    problem.members["job"] = document
    return problem
