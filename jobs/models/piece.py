"""`Piece`: a stretch of one source that a worker compresses in one go."""

from typing import Any

from django.db import models

from jobs.encoding import Stretch
from jobs.models.job import Job
from jobs.models.leased import Leased, LeasedQuerySet
from jobs.states import PieceState


class PieceQuerySet(LeasedQuerySet["Piece"]):
    def waiting(self) -> "PieceQuerySet":
        return self.filter(state=PieceState.WAITING).order_by("start")

    def done(self) -> "PieceQuerySet":
        return self.filter(state=PieceState.DONE).order_by("start")

    def undone(self) -> "PieceQuerySet":
        return self.exclude(state=PieceState.DONE)

    def wanted(self) -> "PieceQuerySet":
        """Of jobs whose pieces are being made: not of one that was canceled, failed or handed back.

        Without a join, for which Django would put all conditions of an UPDATE into a subquery: PostgreSQL does not ask
        that again when it has waited for another's UPDATE, and two workers took the same piece.
        """
        return self.filter(job__in=Job.objects.in_pieces().values("pk"))


class Piece(Leased):
    """`seconds` is how much of the film it holds; `took` is how long a worker needed for it.

    Numbers are names: where a piece is halved, the rest of it gets a new one.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in PieceState], default=PieceState.WAITING
    )
    start = models.FloatField(default=0.0, help_text="Seconds after the beginning of the file.")
    seconds = models.FloatField(help_text="Of the film.")
    fraction = models.FloatField(default=0.0, help_text="How much of it is made, while it runs.")
    frames = models.PositiveIntegerField(null=True, blank=True)
    bytes = models.PositiveBigIntegerField(null=True, blank=True)
    vmaf = models.FloatField(null=True, blank=True)
    crf = models.FloatField(null=True, blank=True)
    took = models.FloatField(null=True, blank=True, help_text="Seconds of work.")
    holds = models.JSONField(default=list, help_text="What it holds: a `Stretch`.")
    facts = models.JSONField(null=True, blank=True, help_text="What joining the pieces needs to know of it.")

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["job", "start"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="piece_once")]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=models.Q(state=PieceState.RUNNING),
                name="running_piece_by_heartbeat",
            ),
        ]

    @property
    def stretch(self) -> Stretch:
        return Stretch.from_list(self.holds)

    @classmethod
    def of(cls, job: Job, number: int, stretch: Stretch, **fields: Any) -> "Piece":
        return cls(job=job, number=number, **cls.fields_of(stretch), **fields)

    @staticmethod
    def fields_of(stretch: Stretch) -> dict[str, Any]:
        return {"start": stretch.start, "seconds": stretch.seconds, "holds": stretch.as_list()}

    def __str__(self) -> str:
        return f"piece {self.number} of {self.job_id} ({self.state})"
