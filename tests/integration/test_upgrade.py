"""What was there before an upgrade is there after it."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps

from jobs.models import Job
from tests.builders import film_in_pieces, make_plan

pytestmark = pytest.mark.django_db


def test_pieces_say_what_the_plan_said_of_them():
    job, plan = film_in_pieces(3), make_plan(3)
    before = [part.as_list()[:-1] for part in plan.stretches]
    Job.objects.update(plan={**job.plan, "cut": {**plan.as_dict(), "stretches": before}})
    job.pieces.update(start=0.0, holds=[])
    import_module("jobs.migrations.0013_halved_pieces").move_stretches(apps, None)
    undivided = [replace(part, cuts=()) for part in plan.stretches]
    assert [(piece.start, piece.stretch) for piece in job.pieces.all()] == [(part.start, part) for part in undivided]
    job.refresh_from_db()
    assert job.plan["cut"].keys() == plan.as_dict().keys()
