"""`Job`: fields and read-only questions. What changes a job is in `jobs/lifecycle`."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import get_fixed_timezone as fixed_timezone

from jobs import errors
from jobs.addresses import FINGERPRINT_LENGTH
from jobs.models.leased import Leased
from jobs.models.owner import Owner
from jobs.models.querysets import HAS_CONTENT, IN_BATCH, KEPT, JobQuerySet
from jobs.states import State

COMPRESSED = "compressed"  # of the outcomes, that in which result and source are two files
SHARED = ["owner", "files_deleted_at", "state", "kept_bytes"]
OF_BATCH = ["batch", "owner", "state", "files_deleted_at", "error_code", "size", "saved_bytes"]


class Job(Leased):
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

    batch = models.CharField(max_length=255, blank=True, default="", help_text="The id of what came together.")
    folder = models.CharField(max_length=255, blank=True, default="", help_text="In which the file lay; labels.")
    filename = models.CharField(max_length=255, help_text="A label. Never a path.")
    size = models.PositiveBigIntegerField(help_text="Bytes of the source.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the source, once it is all here.")
    options = models.JSONField(help_text="The recipe and what was asked for on top of it.")
    last_modified = models.DateTimeField(
        null=True, blank=True, help_text="Of the source, by its client's file system."
    )
    last_modified_offset = models.SmallIntegerField(null=True, blank=True, help_text="Of it from UTC, in minutes.")
    asked = models.JSONField(null=True, blank=True, help_text="What was said beside a preset, and its name.")
    source_of = models.UUIDField(null=True, blank=True, help_text="The job whose upload it was, where there was none.")
    received_bytes = models.PositiveBigIntegerField(default=0, help_text="Of the source, as last noted.")
    kept_bytes = models.PositiveBigIntegerField(
        default=0, help_text="Of its files: the source's, while it is kept, and the result's."
    )

    progress = models.JSONField(null=True, blank=True)
    plan = models.JSONField(null=True, blank=True, help_text="How it is cut into pieces, or why it is not.")
    in_pieces = models.BooleanField(default=False, help_text="Its pieces are made; no worker holds the job itself.")
    choices = models.JSONField(null=True, blank=True, help_text="The qualities that were offered, by which trials.")
    chosen_quality = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of those offered.")
    source = models.JSONField(null=True, blank=True, help_text="What probing the source found.")
    predicted = models.JSONField(null=True, blank=True, help_text="Bytes and seconds that were expected then.")
    result = models.JSONField(null=True, blank=True, help_text="What was made: size, codec, quality, notes.")
    outcome = models.CharField(max_length=16, blank=True)
    saved_bytes = models.BigIntegerField(default=0, help_text="By how much the result is smaller than the source.")
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    log = models.TextField(blank=True, help_text="The tail of ffmpeg's stderr, for operators.")

    created_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True, blank=True, help_text="Since when it waits, as turns are counted.")
    held_at = models.DateTimeField(null=True, blank=True, help_text="Since when nothing of it is begun.")
    priority = models.SmallIntegerField(default=0, help_text="The operators'; the higher goes first.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When its files are deleted.")
    source_expires_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a completed job: when its source is deleted. Nothing: it is."
    )
    files_deleted_at = models.DateTimeField(null=True, blank=True)

    position: int | None = None  # place in the queue, 1 being next; told by `schedule.place`, None elsewhere
    wait_seconds: float | None = None  # until its turn, about; told by the same; may be infinite

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
                fields=["source_expires_at", "size"],
                name="kept_source_by_expiry",
                condition=Q(source_expires_at__isnull=False),
            ),
            models.Index(
                fields=["owner", "visitor", "saved_bytes"], name="saving_by_owner", condition=Q(saved_bytes__gt=0)
            ),
            # What jobs/batches counts, answered from the index alone.
            models.Index(fields=OF_BATCH, condition=IN_BATCH, name="job_by_batch"),
            models.Index(fields=["sha256", "owner", "visitor"], condition=HAS_CONTENT, name="job_by_content"),
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
    def is_waiting(self) -> bool:
        """The question of `JobQuerySet.waiting`, of one job."""
        return (self.state == State.QUEUED or self.in_pieces) and self.held_at is None

    @property
    def awaits_choice(self) -> bool:
        """The question of `JobQuerySet.awaiting_choice`, of one job."""
        is_open = self.choices is not None and self.chosen_quality is None
        return self.state == State.QUEUED and is_open and self.held_at is not None

    @property
    def offered_qualities(self) -> list[int]:
        return [offer["quality"] for offer in (self.choices or {}).get("offers", [])]

    @property
    def offered_pictures(self) -> set[str]:
        """Names of files, while there is something to choose."""
        pairs = [offer["pictures"] or {} for offer in self.choices["offers"]] if self.choices else []
        return {name for pair in pairs for name in pair.values()} if self.awaits_choice else set()

    @property
    def is_kept(self) -> bool:
        """The question of `JobQuerySet.kept`, of one job."""
        return self.files_deleted_at is None

    @property
    def has_source(self) -> bool:
        """Whether all of its source is here, so that another recipe needs no upload."""
        if self.state == State.COMPLETED:
            return self.source_expires_at is not None
        return bool(self.sha256) and self.state != State.UPLOADING and self.is_kept

    @property
    def source_kept_until(self) -> datetime | None:
        """Of a job that has ended, while its source is there."""
        if self.state == State.FAILED and self.is_kept:
            return self.expires_at
        return self.source_expires_at if self.state == State.COMPLETED else None

    @property
    def has_spare_source(self) -> bool:
        """Whether its source is a file that is there for another recipe alone."""
        return self.state == State.COMPLETED and self.has_source and self.outcome == COMPRESSED

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
        """As it was called when it was made; before that, the source's label with the result's extension."""
        if not self.result or self.result["extension"] is None:
            return (self.result or {}).get("filename") or self.filename
        stem, dot, _ = self.filename.rpartition(".")
        plain = f"{stem if dot and stem else self.filename}.{self.result['extension']}"
        return self.result.get("filename") or plain

    @property
    def last_modified_there(self) -> datetime | None:
        """With the offset from UTC that its client told."""
        if self.last_modified is None:
            return None
        return self.last_modified.astimezone(fixed_timezone(self.last_modified_offset or 0))

    @property
    def result_modified_at(self) -> datetime | None:
        """The time that a result has where it is saved: the source's own, so that it sorts by the day it was filmed.

        By the client, or else by what the file itself says. None where nothing of it is to be told.
        """
        if self.options.get("metadata", "strip") == "strip":
            return None
        filmed_at = (self.source or {}).get("filmed_at")
        return self.last_modified_there or (datetime.fromisoformat(filmed_at) if filmed_at else None)

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
