"""What RQ calls: a turn. Whose it is, the worker asks the rows when it takes the entry."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from uuid import UUID

from django.utils import timezone

from jobs import attempt, installation, lifecycle, piecework, presence, queue, schedule
from jobs.line import Waiting, read_line
from jobs.models import Job, Piece
from jobs.states import State
from jobs.unreachable import DatabaseUnreachable, persist

logger = logging.getLogger(__name__)

Work = Callable[[], None]


def take_turn() -> None:
    """Do the next thing that there is to do: prepare or compress a job, make a piece, or join pieces.

    1. Not where the files of all jobs are missing: that is no fault of any job.
    2. Nothing is begun while all is paused, or outside of `WORK_HOURS`.
    3. What another worker took in the same moment is passed over, and the next one tried.
    4. Whatever came of it, workers are called to what still waits.
    """
    queue.hand_back_when_told()
    if not persist(installation.sees_its_files, queue.shutdown_requested):
        logger.error("This worker does not see the files of this database; what waits, waits for another")
        return
    with presence.present():
        work = persist(_next_work, queue.shutdown_requested)
        if work is None:
            return
        try:
            work()
        finally:
            with suppress(DatabaseUnreachable):
                persist(schedule.call_workers, lambda: True)


def _next_work() -> Work | None:
    """Taken, so that it is ours. None: there is none."""
    if not schedule.is_open():
        return None
    take = partial(_take, presence.my_name())
    return next((work for work in map(take, _waiting()) if work), None)


def _waiting() -> Iterator[Waiting]:
    seen: set[str] = set()
    for turn in read_line().turns():
        if turn.hex not in seen:
            seen.add(turn.hex)
            yield turn


def _take(worker: str, turn: Waiting) -> Work | None:
    if turn.is_queued:
        number = Job.objects.filter(pk=turn.job_id, state=State.QUEUED).values_list("attempt", flat=True).first()
        job = lifecycle.start(turn.job_id, number, worker, timezone.now()) if number else None
        return partial(attempt.compress, job) if job else None
    piece = Piece.objects.wanted().waiting().filter(job=turn.job_id).select_related("job").first()
    if piece is None:
        return _take_assembly(worker, turn.job_id)
    taken = lifecycle.start_piece(piece, worker, timezone.now())
    return partial(piecework.make, taken) if taken else None


def _take_assembly(worker: str, job_id: UUID) -> Work | None:
    job = Job.objects.in_pieces().filter(pk=job_id).first()
    taken = lifecycle.start_assembly(job, worker) if job else None
    return partial(attempt.assemble, taken) if taken else None
