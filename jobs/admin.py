"""What operators see and do. A job's state changes only through the verbs, so nothing here is editable."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django_rq.models import Dashboard

from jobs import errors, lifecycle, queue
from jobs.models import Job
from jobs.queue_pages import QueuePages
from jobs.states import State
from jobs.templatetags.presentation import size
from jobs.tokens import ApiToken
from jobs.unreachable import RedisUnreachable

LABEL_LENGTH = 40  # of a file name in the list, which then fits on a screen of 1280 pixels

admin.site.site_header = "Compressor"
admin.site.site_title = "Compressor"
admin.site.index_title = "Operations"

admin.site.register(Dashboard, QueuePages)


class KnownValuesFilter(admin.SimpleListFilter):
    """By the values that there can be; Django would look through all rows for those that there are."""

    values: list[str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value) for value in self.values]

    def queryset(self, request: HttpRequest, jobs: QuerySet[Job]) -> QuerySet[Job]:
        return jobs.filter(**{str(self.parameter_name): self.value()}) if self.value() else jobs


class OutcomeFilter(KnownValuesFilter):
    title = parameter_name = "outcome"
    values = ["compressed", "already_small"]


class ErrorFilter(KnownValuesFilter):
    title = "error"
    parameter_name = "error_code"
    values = sorted(code for code, kind in errors.catalogue().items() if issubclass(kind, errors.JobFailure))


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["label", "standing", "sizes", "saving", "age", "whose"]
    list_filter = ["state", OutcomeFilter, ErrorFilter, "created_at"]
    show_full_result_count = False  # it counts every row there is
    search_fields = ["id", "client_job_id", "filename", "owner__username"]
    list_select_related = ["owner"]
    actions = ["cancel", "retry", "extend_retention"]
    fieldsets = [
        (None, {"fields": ["id", "client_job_id", "filename", "options", "whose"]}),
        ("State", {"fields": ["state", "percent", "attempt", "losses", "worker", "revision"]}),
        ("Error", {"fields": ["error_code", "error_detail", "stderr"]}),
        ("Files", {"fields": ["size_in", "size_out", "saving", "outcome", "source", "result", "sha256"]}),
        (
            "Times",
            {"fields": ["created_at", "queued_at", "started_at", "heartbeat_at", "finished_at", "expires_at"]},
        ),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if blind := _blind_workers():
            said = "{} of the workers do not see the files of this database and take no jobs. Is their disk mounted?"
            self.message_user(request, said.format(blind), messages.WARNING)
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Reading only; the actions below ask for `operate` themselves."""
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Rows go by themselves, once nobody can come back for them; until then: cancel."""
        return False

    @admin.display(description="file", ordering="filename")
    def label(self, job: Job) -> str:
        return Truncator(job.filename).chars(LABEL_LENGTH)

    @admin.display(description="state", ordering="state")
    def standing(self, job: Job) -> str:
        return f"{job.state}: {self.percent(job)}" if self.percent(job) else job.state

    @admin.display(ordering="size")
    def sizes(self, job: Job) -> str:
        return f"{self.size_in(job)} → {self.size_out(job)}" if job.result else self.size_in(job)

    @admin.display(description="progress")
    def percent(self, job: Job) -> str:
        if job.state != State.RUNNING or not job.progress:
            return ""
        fraction = job.progress.get("fraction")
        return f"{job.progress['phase']} {fraction:.0%}" if fraction is not None else job.progress["phase"]

    @admin.display(description="source", ordering="size")
    def size_in(self, job: Job) -> str:
        return size(job.size)

    @admin.display(description="result")
    def size_out(self, job: Job) -> str:
        return size(job.result["size"]) if job.result else ""

    @admin.display
    def saving(self, job: Job) -> str:
        return f"{job.saved_fraction:.0%}" if job.saved_fraction is not None else ""

    @admin.display(ordering="created_at")
    def age(self, job: Job) -> str:
        return timesince(job.created_at, depth=1)

    @admin.display(description="owner", ordering="owner")
    def whose(self, job: Job) -> str:
        return str(job.owner or ("a browser" if job.visitor else "anonymous"))

    @admin.display(description="ffmpeg said")
    def stderr(self, job: Job) -> str:
        return format_html('<pre class="stderr">{}</pre>', job.log) if job.log else "nothing"

    @admin.action(description="Cancel selected jobs", permissions=["operate"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "canceled", lambda job: lifecycle.cancel(job) is not None)

    @admin.action(description="Run selected failed jobs again", permissions=["operate"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._act(request, jobs, "queued again", _retried)

    @admin.action(description="Keep selected results for one more retention", permissions=["operate"])
    def extend_retention(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        by = timedelta(seconds=settings.RESULT_RETENTION)
        self._act(request, jobs, "kept for longer", lambda job: lifecycle.extend_retention(job, by))

    def _act(self, request: HttpRequest, jobs: QuerySet[Job], done: str, verb: Callable[[Job], bool]) -> None:
        outcomes = [verb(job) for job in jobs]
        self.message_user(request, f"{sum(outcomes)} of {len(outcomes)} jobs {done}.")


def _blind_workers() -> int:
    try:
        return queue.blind_workers()
    except RedisUnreachable:
        return 0  # then nobody can say


def _retried(job: Job) -> bool:
    try:
        lifecycle.retry(job)
    except (errors.NotRetryable, errors.QueueFull, errors.QueueShareTaken):
        return False
    return True


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Deleting a token revokes it."""

    list_display = ["name", "user", "created_at", "last_used_at"]
    search_fields = ["name", "user__username"]
    autocomplete_fields = ["user"]
    readonly_fields = ["created_at", "last_used_at"]

    def save_model(self, request: HttpRequest, token: ApiToken, form: Any, change: bool) -> None:
        if change:
            token.save(update_fields=["name", "user"])
            return
        secret = ApiToken.new_secret()
        token.digest = ApiToken.digest_of(secret)
        token.save()
        self.message_user(
            request,
            format_html("Copy the token now, it is not shown again: <code>{}</code>", secret),
            messages.WARNING,
        )
