"""What was there before an upgrade is there after it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from jobs import lifecycle
from jobs.states import State
from tests.builders import film_in_pieces

pytestmark = pytest.mark.django_db


def test_films_whose_pieces_do_not_say_what_they_hold_are_prepared_anew():
    running, failed, done = film_in_pieces(2), film_in_pieces(2), film_in_pieces(2)
    for job, state in ((failed, State.FAILED), (done, State.COMPLETED)):
        type(job).objects.filter(pk=job.pk).update(state=state, in_pieces=False)
    held = lifecycle.start_piece(running.pieces.select_related("job").first(), "w", timezone.now())
    import_module("jobs.migrations.0013_halved_pieces").prepare_anew(apps, None)
    assert lifecycle.report_piece(held, None) is False
    for job, state, pieces in ((running, State.QUEUED, 0), (failed, State.FAILED, 0), (done, State.COMPLETED, 2)):
        job.refresh_from_db()
        assert (job.state, job.in_pieces, job.pieces.count()) == (state, False, pieces)
        assert (job.plan is None) == (pieces == 0)
