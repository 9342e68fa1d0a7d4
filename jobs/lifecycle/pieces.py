"""The verbs of a film in pieces. Fence and lease are those of the piece; nobody holds the job itself meanwhile."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from jobs import pace
from jobs.encoding import PieceMade, Plan, Progress, is_hopeless
from jobs.lifecycle.transition import (
    ALIVE,
    changed,
    committed,
    count_film_on_commit,
    fence,
    offer_on_commit,
    requeue,
)
from jobs.models import Job, Piece
from jobs.models.piece import PieceQuerySet
from jobs.states import PieceState, State

AT_REST: dict[str, Any] = {"state": PieceState.WAITING, "fraction": 0.0, "suspected_at": None}


def cut(job: Job, plan: Plan) -> Job | None:
    """From here on the job is in pieces, for whoever is free. Those that are there already are kept. None: stop."""
    goes_on = "cut" in (job.plan or {})
    changes = {} if goes_on else {"plan": _plan_to_keep(job, plan), "losses": 0}  # those of preparing it
    mine = Job.objects.held().filter(pk=job.pk, **fence(job))

    def write() -> Job | None:
        if not mine.update(in_pieces=True, **changes, **ALIVE):
            return None
        job.pieces.undone().update(attempt=F("attempt") + 1, **AT_REST)
        Piece.objects.bulk_create(
            [Piece.of(job, number, stretch) for number, stretch in enumerate(plan.stretches)],
            ignore_conflicts=True,
        )
        offer_on_commit(len(plan.stretches))
        return tell(job, resumed=True)

    return committed(write)


def start_piece(piece: Piece, worker: str, began: datetime) -> Piece | None:
    """Take the lease of a piece that waits. None: another worker got there first, or the job is not in pieces."""
    wanted = Piece.objects.wanted().filter(pk=piece.pk, attempt=piece.attempt)
    lease = {"worker": worker, "started_at": began}

    def write() -> Piece | None:
        if wanted.filter(state=PieceState.WAITING).update(
            state=PieceState.RUNNING, fraction=0.0, took=None, **lease, **ALIVE
        ):
            tell(piece.job)
        # The same worker and moment find again what they took, as with a job.
        return wanted.filter(state=PieceState.RUNNING, **lease).select_related("job").first()

    return committed(write)


def report_piece(piece: Piece, progress: Progress | None) -> bool:
    """Progress, heartbeat and cancel check, as `report` for a job. False means: stop."""
    done = {"fraction": progress.fraction} if progress and progress.fraction is not None else {}
    return _held(piece, lambda mine: mine.update(**done, **ALIVE)) is not None


def finish_piece(piece: Piece, made: PieceMade, took: float) -> Job | None:
    """Its file is in place; now the row says so. Where no result is worth having any more, the rest is dropped.

    None: the piece was given to another, or the job has ended.
    """
    facts = {"frames": made.frames, "bytes": made.bytes, "vmaf": made.vmaf, "crf": made.crf, "facts": made.facts}
    ended = {"state": PieceState.DONE, "fraction": 1.0, "took": took, "finished_at": timezone.now()}

    def write(mine: PieceQuerySet) -> int:
        written = mine.update(**facts, **ended, **ALIVE)
        if written:
            count_film_on_commit(piece.seconds)
        if written and _is_hopeless(piece.job):
            piece.job.pieces.undone().delete()
        return written

    finished = _held(piece, write)
    return finished or _finished_already(piece)


def start_assembly(job: Job, worker: str) -> Job | None:
    """Take the lease of a job whose pieces are all there. None: they are not, or another worker got there first."""
    ready = Job.objects.in_pieces().filter(pk=job.pk, held_at=None, **fence(job))
    ready = ready.exclude(pieces__in=Piece.objects.filter(job=job.pk).undone())

    def write() -> Job | None:
        taken = changed(job.pk, ready, in_pieces=False, worker=worker, **ALIVE)
        # The same worker finds again what it took, as with a job.
        return taken or Job.objects.held().filter(pk=job.pk, worker=worker, **fence(job)).first()

    return committed(write)


def make_whole(job: Job, reason: str) -> Job | None:
    """Its pieces did not turn out as planned: from the beginning, in one run. The reason goes into its log."""
    only = {**fence(job), "state": State.RUNNING}

    def write() -> Job | None:
        whole = requeue(job, only=only, plan={"whole": reason})
        if whole:
            job.pieces.all().delete()
        return whole

    return committed(write)


def _plan_to_keep(job: Job, plan: Plan) -> dict[str, Any]:
    """With what is read each second beside it, for the plan itself is long."""
    expected = {"bytes": plan.expected_bytes, "beside": plan.beside_bytes}
    return {"cut": plan.as_dict(), "before": _before(job), "expected": expected}


def _before(job: Job) -> float:
    """The share of the whole that preparing it has taken."""
    return (Job.objects.values_list("progress", flat=True).get(pk=job.pk) or {}).get("fraction") or 0.0


def _held(piece: Piece, write: Callable[[PieceQuerySet], int]) -> Job | None:
    """Write to a piece that its worker still holds, and tell of the whole. None: it does not."""
    mine = Piece.objects.wanted().filter(pk=piece.pk, attempt=piece.attempt, state=PieceState.RUNNING)
    return committed(lambda: tell(piece.job) if write(mine) else None)


def _finished_already(piece: Piece) -> Job | None:
    """A database that went away may have committed without telling."""
    done = Piece.objects.wanted().filter(pk=piece.pk, attempt=piece.attempt, state=PieceState.DONE)
    return piece.job if done.exists() else None


def tell(job: Job, *, resumed: bool = False) -> Job | None:
    """The progress of the whole, from its pieces; `resumed`: work was lost, and this much was not."""
    told = Job.objects.select_for_update().values_list("progress", "plan__before", "plan__expected")
    progress_before, before, expected = told.get(pk=job.pk)  # one at a time counts; not all of the plan, which is long
    rows = job.pieces.order_by("start").values_list("state", "seconds", "fraction", "took", "started_at", "bytes")
    pieces = pace.read_pieces(rows, timezone.now())
    prepared = pace.Prepared(before or 0.0, **(expected or {}))
    progress = pace.overall(pieces, prepared, progress_before or {})
    if resumed:
        progress["pieces"]["kept"] = pace.share_done(pieces)
    return changed(job.pk, Job.objects.in_pieces().filter(pk=job.pk), progress=progress)


def _is_hopeless(job: Job) -> bool:
    made = job.pieces.done().aggregate(bytes=Sum("bytes", default=0))["bytes"]
    return job.plan is not None and is_hopeless(Plan.from_dict(job.plan["cut"]), made)
