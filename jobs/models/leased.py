"""What a worker holds for a time: a job as a whole, or one piece of it."""

from datetime import timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper
from django.db.models.functions import Now
from django.utils import timezone

LAST_CHANCE = timedelta(seconds=3)  # in which a worker under suspicion must be heard: three beats
RUNNING = "running"  # the state of both while they are held


def ago(time: timedelta) -> "ExpressionWrapper[Any]":
    """By the database's clock, which is the same for whoever asks."""
    return ExpressionWrapper(Now() - time, output_field=models.DateTimeField())


class Leased(models.Model):
    """`attempt` is the fence: who holds it under another number was given up."""

    attempt = models.PositiveIntegerField(default=1)
    losses = models.PositiveIntegerField(default=0, help_text="How often its worker was lost.")
    worker = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(default=timezone.now, help_text="The last sign of life.")
    suspected_at = models.DateTimeField(null=True, blank=True, help_text="When its worker was missed by the sweep.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


M = TypeVar("M", bound=Leased)


class LeasedQuerySet(models.QuerySet[M]):
    def held(self) -> Self:
        """By a worker, by the book."""
        return self.filter(state=RUNNING)

    def silent(self) -> Self:
        """Held, but nothing was heard of the worker for longer than its lease."""
        return self.held().filter(heartbeat_at__lt=ago(timedelta(seconds=settings.JOB_LEASE)))

    def lost(self) -> Self:
        """Silent, and still so for some time after that was noticed."""
        return self.silent().filter(suspected_at__lt=ago(LAST_CHANCE)).order_by("heartbeat_at")
