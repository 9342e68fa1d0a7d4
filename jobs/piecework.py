"""What a worker does that holds one piece of a film: the story of it, told in the order in which it happens."""

import logging
import time
from typing import Any

from jobs import attempt, encoding, errors, lifecycle, queue
from jobs.endings import Held, see_through
from jobs.lease import Lease
from jobs.models import Piece
from jobs.storage import storage

logger = logging.getLogger(__name__)


def make(piece: Piece) -> None:
    """From a piece that was just taken to its file and its row; whoever finishes the last one joins them all."""
    with Lease(lambda progress: lifecycle.report_piece(piece, progress), queue.shutdown_requested) as lease:
        see_through(_OfFilm(piece, lease), lambda: _make(piece, lease))
    if not queue.shutdown_requested() and (job := lifecycle.start_assembly(piece.job, piece.worker)):
        attempt.assemble(job)


class _OfFilm(Held):
    """A piece that is held, while others may hold others of the same job."""

    def __init__(self, piece: Piece, lease: Lease):
        self.job, self.piece, self.lease = piece.job, piece, lease
        self.label = f"Piece {piece.number} of job {piece.job_id}"

    def fail(self, failure: errors.JobFailure) -> Any:
        return self.lease.write(lambda: lifecycle.fail(self.job, failure))

    def hand_back(self) -> Any:
        return self.lease.write(lambda: lifecycle.hand_back_piece(self.piece))


def _make(piece: Piece, lease: Lease) -> None:
    job, began = piece.job, time.monotonic()
    plan = attempt.read_plan(job)
    assert plan is not None, "only what was cut has pieces"  # noqa: S101
    plan = plan.after(lease.write(lambda: list(job.pieces.done().values_list("facts__crf", flat=True))))
    with (
        storage.local_source(job.id) as source,
        storage.piece_scratch(job.id, piece.number, piece.attempt) as workdir,
    ):
        args = attempt.encode_args(job, source, plan.media)
        try:
            made = encoding.encode_piece(args, plan, piece.stretch, workdir, attempt.reporter(lease))
        except encoding.CannotCut as failure:
            reason = str(failure)
            logger.warning("Job %s is compressed whole: %s", job.id, reason)
            lease.write(lambda: lifecycle.make_whole(job, reason))
            return
        storage.keep_piece(job.id, piece.number, piece.attempt, made.files)
    lease.write(lambda: lifecycle.finish_piece(piece, made, time.monotonic() - began))
