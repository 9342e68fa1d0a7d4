"""What operators do with the jobs that they selected. Each is a verb of `jobs/lifecycle`."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize

from jobs import errors, lifecycle
from jobs.models import Job
from jobs.states import State

PRIORITIES = {1: "first", 0: "", -1: "last"}  # and how each is called


class JobActions(admin.ModelAdmin):
    """They ask for the permission to change jobs, though nothing of a job can be edited."""

    actions = ["put_first", "put_in_order", "put_last", "hold", "release", "cancel", "retry", "extend_retention"]

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    @admin.action(description="Put selected jobs before all others", permissions=["operate"])
    def put_first(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "put first", lambda job: lifecycle.set_priority(job, 1))

    @admin.action(description="Let selected jobs have their turn in order", permissions=["operate"])
    def put_in_order(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "put in order", lambda job: lifecycle.set_priority(job, 0))

    @admin.action(description="Put selected jobs behind all others", permissions=["operate"])
    def put_last(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "put last", lambda job: lifecycle.set_priority(job, -1))

    @admin.action(description="Hold selected jobs", permissions=["operate"])
    def hold(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "on hold", lifecycle.hold)

    @admin.action(description="Release selected jobs", permissions=["operate"])
    def release(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "released", lifecycle.release)

    @admin.action(description="Cancel selected jobs", permissions=["operate"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "canceled", lifecycle.cancel)

    @admin.action(description="Run selected failed jobs again", permissions=["operate"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "queued again", lifecycle.retry)

    @admin.action(description="Keep selected results for one more retention", permissions=["operate"])
    def extend_retention(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        by = timedelta(seconds=settings.RESULT_RETENTION)
        self._act(request, jobs, "kept for longer", lambda job: lifecycle.extend_retention(job, by))

    def _act(self, request: HttpRequest, jobs: QuerySet[Job], done: str, verb: Callable[[Job], Any]) -> None:
        refusals = [_refusal(verb, job) for job in jobs]
        reasons = Counter(reason for reason in refusals if reason)
        said = f"{len(refusals) - reasons.total()} of {len(refusals)} jobs {done}."
        if reasons:
            said += f" Not the other{pluralize(reasons.total())}: {_listed(reasons)}"
        self.message_user(request, said, messages.WARNING if reasons else messages.SUCCESS)


def _refusal(verb: Callable[[Job], Any], job: Job) -> str:
    """Why it was not done; "" where it was."""
    try:
        return "" if verb(job) else "It is in another state, which has no use for that."
    except (errors.NotRetryable, errors.NotWaiting, errors.QueueFull, errors.QueueShareTaken) as refusal:
        return f"{refusal.title}. {_more(refusal, job)}"


def _more(refusal: errors.Problem, job: Job) -> str:
    """What an operator can see of the reason."""
    if not isinstance(refusal, errors.NotRetryable):
        return refusal.detail
    if job.state not in (State.FAILED, State.CANCELED):
        return f"It is {job.state}."
    if not job.is_kept:
        return "Its source is not kept any more."
    return f"It would fail again: {job.problem.title if job.problem else job.state}."


def _listed(reasons: "Counter[str]") -> str:
    return " ".join(f"{count} × {reason}" if count > 1 else reason for reason, count in reasons.most_common())
