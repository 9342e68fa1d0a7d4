"""A list in pages, newest first: each page says where the next one begins."""

import base64
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from jobs import errors, schedule
from jobs.api.schemas import Listing
from jobs.batches import jobs_of
from jobs.models import Job, JobQuerySet, Owner


def page_of(owner: Owner, query: Listing) -> tuple[list[Job], str | None]:
    """The jobs of one page, and the address of the next one if another follows."""
    jobs = schedule.place(_page(_asked(owner, query), query))
    return jobs[: query.limit], _next(jobs, query)


def _asked(owner: Owner, query: Listing) -> JobQuerySet:
    if query.batch is not None:
        jobs = jobs_of(owner, query.batch).lean()
    else:
        jobs = Job.objects.none() if owner.is_unnamed else Job.objects.owned_by(owner).lean()
    return jobs.filter(state=query.state) if query.state else jobs


def _page(jobs: JobQuerySet, query: Listing) -> JobQuerySet:
    """One job more than the page holds, so that it is known whether another page follows."""
    if query.cursor:
        moment, job_id = _read_cursor(query.cursor)
        jobs = jobs.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=job_id))
    return jobs[: query.limit + 1]


def _next(jobs: list[Job], query: Listing) -> str | None:
    if len(jobs) <= query.limit:
        return None
    last = jobs[query.limit - 1]
    cursor = base64.urlsafe_b64encode(f"{last.created_at.isoformat()} {last.id}".encode()).decode()
    asked = {name: value for name, value in (("state", query.state), ("batch", query.batch)) if value}
    return f"{reverse('api:list_jobs')}?{urlencode({'cursor': cursor, 'limit': query.limit, **asked})}"


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, job_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return datetime.fromisoformat(moment).astimezone(UTC), UUID(job_id)
    except (ValueError, OverflowError):  # not a cursor, or beyond time
        raise errors.InvalidRequest(fields={"cursor": "Use the cursor of `next`, unchanged."}) from None
