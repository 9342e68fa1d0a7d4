"""What operators do with the jobs that they selected. Each is a verb of `jobs/lifecycle`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from jobs import errors, lifecycle
from jobs.models import Job

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
        outcomes = [_did(verb, job) for job in jobs]
        self.message_user(request, f"{sum(outcomes)} of {len(outcomes)} jobs {done}.")


def _did(verb: Callable[[Job], Any], job: Job) -> bool:
    try:
        return bool(verb(job))
    except (errors.NotRetryable, errors.NotWaiting, errors.QueueFull, errors.QueueShareTaken):
        return False
