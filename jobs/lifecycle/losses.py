"""What becomes of a piece whose worker ends, or is lost."""

from typing import Any

from django.conf import settings
from django.db.models import F, Max

from jobs import errors
from jobs.encoding import halves
from jobs.lifecycle.pieces import AT_REST, tell
from jobs.lifecycle.transition import committed, finish, offer_on_commit
from jobs.models import Job, Piece
from jobs.models.piece import PieceQuerySet
from jobs.states import PieceState, State


def hand_back_piece(piece: Piece) -> Job | None:
    """To another worker, because this one is ending."""
    return _given_up(piece, Piece.objects.filter(pk=piece.pk, attempt=piece.attempt))


def rescue_piece(piece: Piece) -> Job | None:
    """Take a piece from a worker that fell silent.

    1. Where the film moves on meanwhile, workers are lost for other reasons than the piece: losses count anew.
    2. One that is lost again may take longer than workers live here, or need more memory than they have: it goes on as
       two halves, unless one twice as long was finished. Where none as long was, those that wait are halved as well.
    3. So is one that has cost too many workers, before its job fails.
    """
    unheard = Piece.objects.filter(pk=piece.pk, attempt=piece.attempt, suspected_at__isnull=False)
    done = piece.job.pieces.done()
    moves_on = done.filter(finished_at__gt=piece.started_at).exists()
    losses = 1 if moves_on else piece.losses + 1
    is_last = losses >= settings.MAX_LOSSES and not moves_on
    longest = done.aggregate(seconds=Max("seconds", default=0.0))["seconds"]
    is_too_long = piece.losses > 0 and longest < 2 * piece.seconds
    if (is_too_long or is_last) and halves(piece.stretch):
        return _given_up_in_halves(piece, unheard, with_others=longest < piece.seconds)
    if not is_last:
        return _given_up(piece, unheard, losses=losses)
    lost = errors.WorkerLost()
    return finish(piece.job, State.FAILED, error_code=lost.code, error_detail=lost.detail)


def _given_up(piece: Piece, mine: PieceQuerySet, **changes: Any) -> Job | None:
    return committed(lambda: _tell_of_loss(piece.job) if _let_go(mine, **changes) else None)


def _given_up_in_halves(piece: Piece, mine: PieceQuerySet, *, with_others: bool) -> Job | None:
    def write() -> Job | None:
        if not _let_go(mine, losses=1):
            return None
        too_long = {"seconds__gte": piece.seconds} if with_others else {"pk": piece.pk}
        waiting = Piece.objects.filter(job=piece.job_id, **too_long).waiting()
        free = list(waiting.select_for_update(skip_locked=True))  # before the job, as whoever takes a piece does
        job = Job.objects.select_for_update().only("pk").get(pk=piece.job_id)  # another may be halved in this moment
        for each in free:
            _halve(each)
        return _tell_of_loss(job)

    return committed(write)


def _halve(piece: Piece) -> None:
    """Nobody holds it, and nobody can take it."""
    if both := halves(piece.stretch):
        first, rest = both
        number = Piece.objects.filter(job=piece.job_id).aggregate(last=Max("number"))["last"] + 1
        Piece.objects.filter(pk=piece.pk).update(attempt=F("attempt") + 1, **Piece.fields_of(first))
        Piece.of(piece.job, number, rest, losses=piece.losses).save()


def _let_go(mine: PieceQuerySet, **changes: Any) -> int:
    return mine.filter(state=PieceState.RUNNING).update(attempt=F("attempt") + 1, **AT_REST, **changes)


def _tell_of_loss(job: Job) -> Job | None:
    offer_on_commit()
    return tell(job, resumed=True)
