"""What operators do with one job, from its own page; see `templates/admin/jobs/job/change_form.html`."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from jobs.models import Job
from jobs.states import State

WORDS = {
    "put_first": "Put before all others",
    "put_in_order": "Let it have its turn in order",
    "put_last": "Put behind all others",
    "hold": "Hold",
    "release": "Release",
    "retry": "Run again",
    "extend_retention": "Keep for one more retention",
    "cancel": "Cancel",
}


class OneJobAdmin(admin.ModelAdmin):
    """The actions of the list, each as a button where it is of use."""

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(require_POST(self._act_on_one))
        return [path("<uuid:job_id>/act/", act, name="jobs_job_act"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        job = self.get_object(request, object_id)
        may = job is not None and request.user.has_perm("jobs.change_job")
        buttons = [(name, WORDS[name]) for name in useful(job)] if may and job else []
        return super().change_view(request, object_id, form_url, {"buttons": buttons, **(extra_context or {})})

    def _act_on_one(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        name = request.POST.get("action", "")
        if not request.user.has_perm("jobs.change_job") or name not in WORDS:
            raise PermissionDenied
        getattr(self, name)(request, Job.objects.lean().filter(pk=job_id))
        return redirect("admin:jobs_job_change", job_id)


def useful(job: Job) -> list[str]:
    """Which actions can change something of this job now."""
    applies = {
        "put_first": not job.is_final and job.priority != 1,
        "put_in_order": not job.is_final and job.priority != 0,
        "put_last": not job.is_final and job.priority != -1,
        "hold": not job.is_final and job.held_at is None,
        "release": not job.is_final and job.held_at is not None,
        "retry": job.is_retryable,
        "extend_retention": job.state == State.COMPLETED,
        "cancel": not job.is_final,
    }
    return [name for name in WORDS if applies[name]]
