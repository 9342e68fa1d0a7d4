"""The questions that are asked of all jobs."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from jobs.models.owner import Owner
from jobs.states import FINAL, LIVE, State

if TYPE_CHECKING:
    from jobs.models.job import Job

KEPT = Q(files_deleted_at=None)  # a job that still has files, or will have
LAST_CHANCE = timedelta(seconds=3)  # in which a worker under suspicion must be heard: three beats


def _ago(time: timedelta) -> "ExpressionWrapper[Any]":
    """By the database's clock, which is the same for whoever asks."""
    return ExpressionWrapper(Now() - time, output_field=models.DateTimeField())


class JobQuerySet(models.QuerySet["Job"]):
    def owned_by(self, owner: Owner) -> "JobQuerySet":
        return self.filter(owner=owner.user, visitor=owner.visitor)

    def reachable_by(self, owner: Owner) -> "JobQuerySet":
        """One's own, and those of nobody, to which knowing the id is the key. Operators reach every job."""
        if owner.sees_all:
            return self
        return self.filter(Q(owner=None) | Q(owner=owner.user)) if owner.user else self.filter(owner=None)

    def with_position(self) -> "JobQuerySet":
        """With each job's place in the queue as `position`: the snapshot needs no further query."""
        # Said so that an index finds those that came no later, and only they are looked at.
        before = Q(queued_at__lt=OuterRef("queued_at")) | Q(id__lt=OuterRef("id"))
        waiting = self.model.objects.filter(state=State.QUEUED, queued_at__lte=OuterRef("queued_at"))
        ahead = waiting.filter(before).order_by().values("state")
        place = Coalesce(Subquery(ahead.annotate(count=Count("pk")).values("count")), 0) + 1
        places = {"position": Case(When(state=State.QUEUED, then=place))}
        return self.annotate(**places).defer("log")  # long, and for operators alone

    def placed(self) -> list["Job"]:
        """The same for many: one look at the whole queue costs less than one for each."""
        jobs = list(self.defer("log"))
        waiting = [job for job in jobs if job.state == State.QUEUED]
        if waiting:
            places = {
                pk: place for place, pk in enumerate(self.model.objects.queued().values_list("pk", flat=True), 1)
            }
            for job in waiting:
                job.position = places.get(job.pk, 1)  # a worker took it between the two looks: it was next
        return jobs

    def kept(self) -> "JobQuerySet":
        """Those that still have files, or will have."""
        return self.filter(KEPT)

    def saved_bytes(self) -> int:
        return self.filter(saved_bytes__gt=0).aggregate(saved=Sum("saved_bytes"))["saved"] or 0

    def live(self) -> "JobQuerySet":
        return self.filter(state__in=LIVE)

    def queued(self) -> "JobQuerySet":
        """In the order in which workers take them."""
        return self.filter(state=State.QUEUED).order_by("queued_at", "id")

    def silent(self) -> "JobQuerySet":
        """Running by the book, but nothing was heard of their workers for longer than their lease."""
        return self.filter(state=State.RUNNING, heartbeat_at__lt=_ago(timedelta(seconds=settings.JOB_LEASE)))

    def lost(self) -> "JobQuerySet":
        """Silent, and still so for some time after that was noticed."""
        return self.silent().filter(suspected_at__lt=_ago(LAST_CHANCE)).order_by("heartbeat_at")

    def abandoned(self) -> "JobQuerySet":
        """Uploads to which no byte has come for `UPLOAD_RETENTION`."""
        silence = timedelta(seconds=settings.UPLOAD_RETENTION)
        return self.filter(state=State.UPLOADING, heartbeat_at__lt=_ago(silence)).order_by("heartbeat_at")

    def empty_uploads(self) -> "JobQuerySet":
        """Announced, but not one byte was noted for `EMPTY_UPLOAD_RETENTION`."""
        silence = timedelta(seconds=settings.EMPTY_UPLOAD_RETENTION)
        return self.silent_uploads(silence).filter(received_bytes=0)

    def silent_uploads(self, silence: timedelta) -> "JobQuerySet":
        """Uploads of which nothing was heard for so long, the latest first."""
        return self.filter(state=State.UPLOADING, heartbeat_at__lt=_ago(silence)).order_by("-heartbeat_at")

    def due_to_expire(self) -> "JobQuerySet":
        return self.filter(state=State.COMPLETED, expires_at__lte=timezone.now()).order_by("expires_at")

    def failures_to_forget(self) -> "JobQuerySet":
        """Failed jobs that nobody ran again while their sources were kept."""
        return self.kept().filter(state=State.FAILED, expires_at__lte=timezone.now()).order_by("expires_at")

    def tombstones_to_purge(self) -> "JobQuerySet":
        forgotten_since = timezone.now() - timedelta(seconds=settings.TOMBSTONE_RETENTION)
        ended = self.filter(state__in=FINAL - {State.COMPLETED})
        return ended.filter(expires_at__lt=forgotten_since).order_by("expires_at")
