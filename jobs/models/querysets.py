"""The questions that are asked of all jobs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Q, Sum
from django.utils import timezone

from jobs import errors
from jobs.models.leased import LeasedQuerySet, ago
from jobs.models.owner import Owner
from jobs.states import FINAL, LIVE, State

if TYPE_CHECKING:
    from jobs.models.job import Job

KEPT = Q(files_deleted_at=None)  # a job that still has files, or will have
IN_BATCH = Q(batch__gt="")  # a job that came with others; the condition of their index
HAS_CONTENT = Q(sha256__gt="")  # a job whose source was here, all of it; the same


def retryable() -> Q:
    """The question of `Job.is_retryable`, for a database: those that were canceled have no source any more."""
    codes = [code for code, kind in errors.catalogue().items() if kind.retryable]
    return KEPT & Q(state=State.FAILED, error_code__in=codes)


class JobQuerySet(LeasedQuerySet["Job"]):
    def owned_by(self, owner: Owner) -> "JobQuerySet":
        return self.filter(owner=owner.user, visitor=owner.visitor)

    def of_batches(self, *ids: str) -> "JobQuerySet":
        """The jobs that came under these ids."""
        return self.filter(IN_BATCH, batch__in=ids)

    def namesakes(self, job: "Job") -> "list[Job]":
        """Whose results might be called like this job's: those that came before it from the same folder of its batch,
        or with another recipe for the same source. In their order.
        """
        mine = self.owned_by(job.submitter).only("created_at", "filename", "options", "source_of")
        before = mine.filter(Q(created_at__lt=job.created_at) | Q(created_at=job.created_at, id__lt=job.id))
        together = before.filter(IN_BATCH, batch=job.batch, folder=job.folder) if job.batch else self.none()
        same = before.filter(HAS_CONTENT, sha256=job.sha256) if job.source_of else self.none()
        found = {other.pk: other for other in (*together, *_of_its_source(same.order_by("created_at", "id"), job))}
        return sorted(found.values(), key=lambda other: (other.created_at, other.pk))

    def lean(self) -> "JobQuerySet":
        """Without what is long and seldom asked for."""
        return self.defer("log", "plan")

    def kept(self) -> "JobQuerySet":
        """Those that still have files, or will have."""
        return self.filter(KEPT)

    def retryable(self) -> "JobQuerySet":
        return self.filter(retryable())

    def saved_bytes(self) -> int:
        return self.filter(saved_bytes__gt=0).aggregate(saved=Sum("saved_bytes"))["saved"] or 0

    def live(self) -> "JobQuerySet":
        return self.filter(state__in=LIVE)

    def in_pieces(self) -> "JobQuerySet":
        """Whose pieces are being made, each by whoever is free; no worker holds the job itself."""
        return self.filter(state=State.RUNNING, in_pieces=True)

    def held(self) -> "JobQuerySet":
        return super().held().filter(in_pieces=False)

    def waiting(self) -> "JobQuerySet":
        """Who has something to do for a worker: all of it, or pieces of it."""
        return self.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, in_pieces=True)).filter(held_at=None)

    def abandoned(self) -> "JobQuerySet":
        """Uploads to which no byte has come for `UPLOAD_RETENTION`."""
        silence = timedelta(seconds=settings.UPLOAD_RETENTION)
        return self.filter(state=State.UPLOADING, heartbeat_at__lt=ago(silence)).order_by("heartbeat_at")

    def empty_uploads(self) -> "JobQuerySet":
        """Announced, but not one byte was noted for `EMPTY_UPLOAD_RETENTION`."""
        silence = timedelta(seconds=settings.EMPTY_UPLOAD_RETENTION)
        return self.silent_uploads(silence).filter(received_bytes=0)

    def silent_uploads(self, silence: timedelta) -> "JobQuerySet":
        """Uploads of which nothing was heard for so long, the latest first."""
        return self.filter(state=State.UPLOADING, heartbeat_at__lt=ago(silence)).order_by("-heartbeat_at")

    def awaiting_choice(self) -> "JobQuerySet":
        """On hold until somebody chooses among the qualities that were offered."""
        offered = self.filter(state=State.QUEUED, choices__isnull=False, chosen_quality=None)
        return offered.exclude(held_at=None)

    def choices_to_lapse(self) -> "JobQuerySet":
        return self.awaiting_choice().filter(expires_at__lte=timezone.now()).order_by("expires_at")

    def due_to_expire(self) -> "JobQuerySet":
        return self.filter(state=State.COMPLETED, expires_at__lte=timezone.now()).order_by("expires_at")

    def kept_sources(self) -> "JobQuerySet":
        """Of completed jobs: sources that are there for another recipe, the first to be deleted first."""
        return self.filter(source_expires_at__isnull=False).order_by("source_expires_at")

    def spare_sources(self) -> "JobQuerySet":
        """Those of them whose end makes room. An original that was handed back is its own source."""
        return self.kept_sources().filter(outcome="compressed")

    def total_size(self) -> int:
        """Bytes of their sources."""
        return self.aggregate(bytes=Sum("size"))["bytes"] or 0

    def failures_to_forget(self) -> "JobQuerySet":
        """Failed jobs that nobody ran again while their sources were kept."""
        return self.kept().filter(state=State.FAILED, expires_at__lte=timezone.now()).order_by("expires_at")

    def tombstones_to_purge(self) -> "JobQuerySet":
        forgotten_since = timezone.now() - timedelta(seconds=settings.TOMBSTONE_RETENTION)
        ended = self.filter(state__in=FINAL - {State.COMPLETED})
        return ended.filter(expires_at__lt=forgotten_since).order_by("expires_at")


def _of_its_source(same: "JobQuerySet", job: "Job") -> "Iterator[Job]":
    """Of jobs with the same content, those that name each other as `source_of`: others are nobody's business."""
    first: dict[UUID, UUID] = {}
    for other in (*same, job):
        named = other.source_of or other.pk
        first[other.pk] = first.get(named, named)
    return (other for other in same if first[other.pk] == first[job.pk])
