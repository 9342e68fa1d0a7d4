"""What becomes of a piece whose worker ends, or is lost."""

from typing import Any

from django.conf import settings
from django.db.models import F

from jobs import errors
from jobs.encoding import Plan
from jobs.lifecycle.pieces import AT_REST, tell
from jobs.lifecycle.transition import committed, finish, offer_on_commit
from jobs.models import Job, Piece
from jobs.models.piece import PieceQuerySet
from jobs.states import PieceState, State


def hand_back_piece(piece: Piece) -> Job | None:
    """To another worker, because this one is ending."""
    return _given_up(piece, Piece.objects.filter(pk=piece.pk, attempt=piece.attempt))


def rescue_piece(piece: Piece) -> Job | None:
    """Take a piece from a worker that fell silent. Too many losses of one piece, and the job fails.

    1. One that is lost again may need longer than workers live here, or more memory: it goes on as two halves.
    2. Where the film moves on meanwhile, workers are lost for other reasons than the piece: then it counts anew.
    """
    unheard = Piece.objects.filter(pk=piece.pk, attempt=piece.attempt, suspected_at__isnull=False)
    if piece.losses and _plan(piece.job).halving(piece.number):
        return _given_up_in_halves(piece, unheard)
    moves_on = piece.job.pieces.done().filter(finished_at__gt=piece.started_at).exists()
    losses = 1 if moves_on else piece.losses + 1
    if losses < settings.MAX_LOSSES or moves_on:
        return _given_up(piece, unheard, losses=losses)
    lost = errors.WorkerLost()
    return finish(piece.job, State.FAILED, error_code=lost.code, error_detail=lost.detail)


def _given_up(piece: Piece, mine: PieceQuerySet, **changes: Any) -> Job | None:
    return committed(lambda: _tell_of_loss(piece.job) if _let_go(mine, **changes) else None)


def _given_up_in_halves(piece: Piece, mine: PieceQuerySet) -> Job | None:
    def write() -> Job | None:
        if not _let_go(mine):
            return None
        job = Job.objects.select_for_update().get(pk=piece.job_id)  # another may be halved in the same moment
        plan = _plan(job).halving(piece.number)
        assert plan is not None, "nobody else changes a piece that is held"  # noqa: S101
        Job.objects.filter(pk=job.pk).update(plan={**(job.plan or {}), "cut": plan.as_dict()})
        first, rest = plan.stretches[piece.number], plan.stretches[-1]
        Piece.objects.filter(pk=piece.pk).update(seconds=first.seconds)
        Piece.objects.create(
            job=job, number=len(plan.parts) - 1, start=rest.start, seconds=rest.seconds, losses=piece.losses
        )
        return _tell_of_loss(job)

    return committed(write)


def _let_go(mine: PieceQuerySet, **changes: Any) -> int:
    return mine.filter(state=PieceState.RUNNING).update(attempt=F("attempt") + 1, **AT_REST, **changes)


def _tell_of_loss(job: Job) -> Job | None:
    offer_on_commit()
    return tell(job, resumed=True)


def _plan(job: Job) -> Plan:
    assert job.plan is not None, "only what was cut has pieces"  # noqa: S101
    return Plan.from_dict(job.plan["cut"])
