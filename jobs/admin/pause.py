"""Operators pause all work, and let it go on; the list of jobs says where nothing begins."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from jobs import lifecycle
from jobs.hours import closure


class PauseAdmin(admin.ModelAdmin):
    """See `templates/admin/jobs/job/change_list.html`."""

    def get_urls(self) -> list[Any]:
        site = self.admin_site
        pages = [
            path(f"{name}/", site.admin_view(require_POST(self._set_paused)), {"paused": paused}, f"jobs_{name}_all")
            for name, paused in (("pause", True), ("resume", False))
        ]
        return [*pages, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        now = closure()
        context = {"closure": now, "is_paused": now is not None and now.until is None}
        context["may_operate"] = request.user.has_perm("jobs.change_job")
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def _set_paused(self, request: HttpRequest, paused: bool) -> HttpResponse:
        if not request.user.has_perm("jobs.change_job"):
            raise PermissionDenied
        lifecycle.pause_all(paused)
        return redirect("admin:jobs_job_changelist")
