"""What operators see of jobs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince

from jobs import estimates, queue, schedule
from jobs.admin.actions import PRIORITIES, JobActions
from jobs.admin.filters import ErrorFilter, OutcomeFilter
from jobs.admin.one import OneJobAdmin
from jobs.admin.pause import PauseAdmin
from jobs.models import Job
from jobs.snapshot import snapshot
from jobs.states import State
from jobs.templatetags.presentation import choice
from jobs.templatetags.units import percent, size
from jobs.unreachable import RedisUnreachable

LABEL_LENGTH = 40  # of a file name in the list, which then fits on a screen of 1280 pixels


@admin.register(Job)
class JobAdmin(JobActions, OneJobAdmin, PauseAdmin):
    list_display = ["label", "recipe", "standing", "turn", "sizes", "saving", "age", "whose"]
    list_filter = ["state", OutcomeFilter, ErrorFilter, "created_at"]
    show_full_result_count = False  # it counts every row there is
    search_fields = ["id", "client_job_id", "batch", "filename", "owner__username"]
    list_select_related = ["owner"]
    fieldsets = [
        (None, {"fields": ["id", "client_job_id", "batch", "folder", "filename", "recipe", "whose", "links"]}),
        ("State", {"fields": ["state", "percent", "turn", "attempt", "losses", "worker", "revision"]}),
        ("Pieces", {"fields": ["pieces"]}),
        ("Told beforehand", {"fields": ["foretold"]}),
        ("Error", {"fields": ["error_code", "error_detail", "stderr"]}),
        ("Files", {"fields": ["size_in", "size_out", "saving", "outcome", "source", "result", "sha256", "source_of"]}),
        (
            "Times",
            {
                "fields": [
                    *("last_modified", "created_at", "queued_at", "started_at", "heartbeat_at", "finished_at"),
                    *("expires_at", "source_expires_at"),
                ]
            },
        ),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if blind := _blind_workers():
            said = "{} of the workers do not see the files of this database and take no jobs. Is their disk mounted?"
            self.message_user(request, said.format(blind), messages.WARNING)
        return super().changelist_view(request, extra_context)

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).defer("log", "plan")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Reading only; the actions below ask for `operate` themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Rows go by themselves, once nobody can come back for them; until then: cancel."""
        return False

    @admin.display(description="file", ordering="filename")
    def label(self, job: Job) -> str:
        return Truncator(job.filename).chars(LABEL_LENGTH)

    @admin.display(description="state", ordering="state")
    def standing(self, job: Job) -> str:
        """Of one that runs how far it is, of one that failed why."""
        more = job.problem.title if job.problem else self.percent(job)
        return f"{job.state}: {more}" if more else job.state

    @admin.display
    def recipe(self, job: Job) -> str:
        """With what else was asked for."""
        return choice(dict(snapshot(job)["recipe"]))

    @admin.display(ordering="size")
    def sizes(self, job: Job) -> str:
        return f"{self.size_in(job)} → {self.size_out(job)}" if job.result else self.size_in(job)

    @admin.display(description="progress")
    def percent(self, job: Job) -> str:
        if job.state != State.RUNNING or not job.progress:
            return ""
        return f"{job.progress['phase']} {percent(job.progress.get('fraction'))}".strip()

    @admin.display
    def turn(self, job: Job) -> str:
        """What it waits for besides its turn, or why it has it before others or after them."""
        if job.is_final:
            return ""
        return "on hold" if job.held_at else PRIORITIES.get(job.priority, "")

    @admin.display
    def pieces(self, job: Job) -> str:
        whole = (job.plan or {}).get("whole")
        return render_to_string("admin/pieces.html", {"pieces": job.pieces.defer("facts", "holds"), "whole": whole})

    @admin.display
    def links(self, job: Job) -> str:
        (placed,) = schedule.place([job])
        return render_to_string("admin/links.html", {"snapshot": snapshot(placed)})

    @admin.display(description="and what came")
    def foretold(self, job: Job) -> str:
        came = {"bytes": job.result["size"] if job.result else None, "seconds": estimates.seconds_of(job)}
        told = {"predicted": job.predicted, "came_true": estimates.came_true(job) or (None, None)}
        return render_to_string("admin/foretold.html", {**told, **came})

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


def _blind_workers() -> int:
    try:
        return queue.blind_workers()
    except RedisUnreachable:
        return 0  # then nobody can say
