"""What is kept: jobs (and the tokens of `jobs/tokens.py`).

`Job` has fields, a queryset and read-only questions. What changes a job is in `jobs/lifecycle.py`.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from jobs import errors
from jobs.addresses import FINGERPRINT_LENGTH
from jobs.installation import Installation  # noqa: F401  Django looks for models here
from jobs.states import FINAL, LIVE, State
from jobs.tokens import ApiToken  # noqa: F401  Django looks for models here

KEPT = Q(files_deleted_at=None)  # a job that still has files, or will have


@dataclass(frozen=True)
class Owner:
    """Whom a job belongs to: a user, or a browser by its random name, or (both empty) whoever knows its id.

    `network` is where somebody who did not sign in comes from, as a fingerprint: it is nobody's key to anything, it
    only counts what comes from there.
    """

    user: User | None = None
    visitor: str = ""
    network: str = ""

    @property
    def is_unnamed(self) -> bool:
        return self.user is None and not self.visitor

    @property
    def label(self) -> str:
        """For a log; "" for nobody. What is shown of a browser's random name does not suffice to take its place."""
        if self.user is not None:
            return f"user:{self.user.get_username()}"
        return f"visitor:{self.visitor[:8]}" if self.visitor else ""

    @property
    def sees_all(self) -> bool:
        """Staff who have the admin's permission for it."""
        return self._is_staff_with("jobs.view_job") or self._is_staff_with("jobs.change_job")

    def may_change(self, job: "Job") -> bool:
        """Of a job that this owner reaches: one's own, those of nobody, or all, as the admin's operators."""
        own = job.owner_id is None or (self.user is not None and job.owner_id == self.user.pk)
        return own or self._is_staff_with("jobs.change_job")

    def _is_staff_with(self, permission: str) -> bool:
        return self.user is not None and self.user.is_staff and self.user.has_perm(permission)


LAST_CHANCE = timedelta(seconds=3)  # in which a worker under suspicion must be heard: three beats


def _ago(time: timedelta) -> "ExpressionWrapper[Any]":
    """By the database's clock, which is the same for whoever asks."""
    return ExpressionWrapper(Now() - time, output_field=models.DateTimeField())


SHARED = ["owner", "files_deleted_at", "state", "kept_bytes"]


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
        waiting = Job.objects.filter(state=State.QUEUED, queued_at__lte=OuterRef("queued_at"))
        ahead = waiting.filter(before).order_by().values("state")
        place = Coalesce(Subquery(ahead.annotate(count=Count("pk")).values("count")), 0) + 1
        places = {"position": Case(When(state=State.QUEUED, then=place))}
        return self.annotate(**places).defer("log")  # long, and for operators alone

    def placed(self) -> list["Job"]:
        """The same for many: one look at the whole queue costs less than one for each."""
        jobs = list(self.defer("log"))
        waiting = [job for job in jobs if job.state == State.QUEUED]
        if waiting:
            places = {pk: place for place, pk in enumerate(Job.objects.queued().values_list("pk", flat=True), 1)}
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


class Job(models.Model):
    """One source, one recipe, one result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_job_id = models.CharField(max_length=255, null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs"
    )
    # The browser that submitted an anonymous job, by the random name that it keeps; "" for a program.
    visitor = models.CharField(max_length=36, blank=True, default="")
    # Where an anonymous job came from, as a keyed hash, for as long as it counts there: until its files are deleted.
    network = models.CharField(max_length=FINGERPRINT_LENGTH, blank=True, default="", editable=False)

    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.QUEUED)
    revision = models.PositiveIntegerField(default=1)
    attempt = models.PositiveIntegerField(default=1)
    losses = models.PositiveIntegerField(default=0, help_text="How often its worker was lost.")

    filename = models.CharField(max_length=255, help_text="A label. Never a path.")
    size = models.PositiveBigIntegerField(help_text="Bytes of the source.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the source, once it is all here.")
    options = models.JSONField(help_text="The recipe and what was asked for on top of it.")
    received_bytes = models.PositiveBigIntegerField(default=0, help_text="Of the source, as last noted.")
    kept_bytes = models.PositiveBigIntegerField(
        default=0, help_text="Of its files: the source's until there is a result."
    )

    progress = models.JSONField(null=True, blank=True)
    source = models.JSONField(null=True, blank=True, help_text="What probing the source found.")
    result = models.JSONField(null=True, blank=True, help_text="What was made: size, codec, quality, notes.")
    outcome = models.CharField(max_length=16, blank=True)
    saved_bytes = models.BigIntegerField(default=0, help_text="By how much the result is smaller than the source.")
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    log = models.TextField(blank=True, help_text="The tail of ffmpeg's stderr, for operators.")
    worker = models.CharField(max_length=120, blank=True)

    created_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(default=timezone.now, help_text="The last sign of life.")
    suspected_at = models.DateTimeField(null=True, blank=True, help_text="When its worker was missed by the sweep.")
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When its files are deleted.")
    files_deleted_at = models.DateTimeField(null=True, blank=True)

    position: int | None = None  # place in the queue, 1 being next; read by `with_position`, None elsewhere

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_job_id"], name="client_job_id_unique_per_user"),
            models.UniqueConstraint(
                fields=["visitor", "client_job_id"],
                condition=Q(owner=None),
                name="client_job_id_unique_per_visitor",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "queued_at", "id"], name="job_by_state_and_queue"),
            models.Index(fields=["state", "-finished_at"], name="job_by_state_and_end"),
            models.Index(fields=["state", "heartbeat_at"], name="job_by_state_and_heartbeat"),
            models.Index(fields=["state", "expires_at"], name="job_by_state_and_expiry"),
            models.Index(fields=["-created_at", "-id"], name="job_by_age"),
            models.Index(fields=["owner", "visitor", "-created_at", "-id"], name="job_by_owner"),
            models.Index(fields=["owner", "visitor", "-created_at", "-id"], name="kept_job_by_owner", condition=KEPT),
            models.Index(fields=["state", "expires_at"], name="kept_job_by_expiry", condition=KEPT),
            models.Index(
                fields=["owner", "visitor", "saved_bytes"], name="saving_by_owner", condition=Q(saved_bytes__gt=0)
            ),
            # What jobs/shares.py counts, answered from the index alone.
            models.Index(fields=SHARED, condition=KEPT, name="job_share_of_owner"),
            models.Index(fields=["visitor", *SHARED], condition=KEPT & Q(owner=None), name="job_share_of_visitor"),
            models.Index(
                fields=["network", "visitor", *SHARED], condition=KEPT & Q(owner=None), name="job_share_of_network"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.state})"

    @property
    def submitter(self) -> Owner:
        return Owner(user=self.owner, visitor=self.visitor, network=self.network)

    @property
    def is_final(self) -> bool:
        return State(self.state).is_final

    @property
    def is_kept(self) -> bool:
        """The question of `JobQuerySet.kept`, of one job."""
        return self.files_deleted_at is None

    @property
    def is_retryable(self) -> bool:
        """Whether running it again can help: its source is there, and it did not fail for what the source is."""
        may_help = self.state == State.CANCELED or (self.problem is not None and self.problem.retryable)
        return may_help and self.is_kept

    @property
    def saved_fraction(self) -> float | None:
        if not self.result or not self.size:
            return None
        saved: float = 1 - self.result["size"] / self.size
        return round(saved, 4)

    @property
    def result_filename(self) -> str:
        """The source's label with the result's extension: `holiday.mov` becomes `holiday.mp4`."""
        if not self.result:
            return self.filename
        stem, dot, _ = self.filename.rpartition(".")
        if self.result["extension"] is None:
            return self.filename
        return f"{stem if dot and stem else self.filename}.{self.result['extension']}"

    @property
    def picture_names(self) -> set[str]:
        """Of the stills that were published with the result."""
        pictures = (self.result or {}).get("pictures", {"poster": None, "frames": []})
        names = {name for pair in pictures["frames"] for name in pair.values()}
        return names | {pictures["poster"]} - {None}

    @property
    def problem(self) -> errors.Problem | None:
        """The error that ended this job, as a client may see it."""
        if self.state != State.FAILED:
            return None
        kind = errors.catalogue().get(self.error_code, errors.EncodeFailed)
        return kind(self.error_detail)
