"""What several try at the same moment, one does: an UPDATE asks, also where it had to wait for another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import lifecycle
from jobs.models import Piece
from tests.builders import film_in_pieces

WORKERS = 4


@pytest.mark.django_db(transaction=True)
def test_a_piece_is_taken_by_one_worker_however_many_try_at_once():
    """On PostgreSQL two used to: the second waited for the first, and did not ask again."""
    job = film_in_pieces(20)
    for piece in job.pieces.all():
        together = Barrier(WORKERS)
        with ThreadPoolExecutor(WORKERS) as pool:
            taken = list(pool.map(lambda worker, of=piece, at=together: _taken(of, worker, at), "abcd"))
        assert sum(taken) == 1


def _taken(piece: Piece, worker: str, together: Barrier) -> bool:
    try:
        connection.ensure_connection()
        together.wait(10)
        return lifecycle.start_piece(piece, worker, timezone.now()) is not None
    finally:
        connection.close()


@pytest.mark.django_db
def test_the_conditions_of_taking_a_piece_are_asked_of_its_own_row():
    piece = film_in_pieces(2).pieces.first()
    with CaptureQueriesContext(connection) as asked:
        assert lifecycle.start_piece(piece, "a", timezone.now())
    (update,) = [query["sql"] for query in asked if query["sql"].startswith('UPDATE "jobs_piece"')]
    assert 'FROM "jobs_piece"' not in update
