"""A result gets its name when it is made, and keeps it."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from compressor.environment import Environment, is_template
from jobs import lifecycle
from jobs.models import Job
from jobs.states import State
from tests.builders import completed_job, make_job, outcome_at
from tests.plans import plans_of

pytestmark = pytest.mark.django_db


def completed(outcome, **fields):
    job = make_job(State.RUNNING, with_source=True, **fields)
    return lifecycle.complete(job, outcome, lifecycle.publish(job, outcome))


def original(path):
    """What the engine answers where the source is small already."""
    fields = {"outcome": "already_small", "extension": None, "is_source": True}
    return SimpleNamespace(**{**vars(outcome_at(path)), **fields, "media": SimpleNamespace(container="avi")})


def test_it_is_called_after_its_source_and_as_the_operator_says(tmp_path, settings):
    assert completed(outcome_at(tmp_path / "made")).result_filename == "holiday-small.mp4"
    settings.RESULT_NAME = "{name} ({recipe})"
    assert completed(outcome_at(tmp_path / "made")).result_filename == "holiday (balanced).mp4"


def test_what_was_made_keeps_its_name_whatever_is_set_later(tmp_path, settings):
    job = completed(outcome_at(tmp_path / "made"))
    settings.RESULT_NAME = "{name}!"
    job.refresh_from_db()
    assert job.result_filename == "holiday-small.mp4"
    assert completed_job().result_filename == "holiday.mp4"  # made before results had names of their own


@pytest.mark.parametrize(("source", "name"), [("holiday.mov", "holiday.mov"), ("holiday", "holiday.avi")])
def test_an_original_keeps_its_name(tmp_path, source, name):
    assert completed(original(tmp_path / "made"), filename=source).result_filename == name


def test_no_result_is_called_like_another_of_its_batch(tmp_path):
    batch = {"batch": "b", "folder": "2026"}
    jobs = [completed(outcome_at(tmp_path / "made"), **batch, filename=name) for name in ("a.mov", "a.mp4", "A.avi")]
    assert [job.result_filename for job in jobs] == ["a-small.mp4", "a-small (2).mp4", "A-small (3).mp4"]


def test_names_are_given_in_the_order_of_coming_whichever_is_done_first(tmp_path):
    first, second = (make_job(State.RUNNING, with_source=True, batch="b", filename=n) for n in ("a.mov", "a.mp4"))
    for job in (second, first):
        outcome = outcome_at(tmp_path / "made")
        lifecycle.complete(job, outcome, lifecycle.publish(job, outcome))
    assert [Job.objects.get(pk=job.pk).result_filename for job in (first, second)] == [
        "a-small.mp4",
        "a-small (2).mp4",
    ]


def test_the_same_film_compressed_twice_makes_results_of_two_names(tmp_path):
    first, second = (completed(outcome_at(tmp_path / "made"), sha256="5" * 64) for _ in range(2))
    assert (first.result_filename, second.result_filename) == ("holiday-small.mp4", "holiday-small (2).mp4")
    hers = completed(outcome_at(tmp_path / "made"), sha256="5" * 64, visitor="somebody else")
    assert hers.result_filename == "holiday-small.mp4"


def test_finding_them_reads_no_other_rows():
    job = make_job(State.RUNNING, sha256="5" * 64, batch="b", folder="2026")
    (plan,) = plans_of(lambda: list(Job.objects.namesakes(job))).values()
    assert "job_by_batch" in plan
    assert "job_by_content" in plan


@pytest.mark.parametrize("other", [{"batch": "another"}, {"folder": "2025"}, {"visitor": "somebody else"}])
def test_what_lies_elsewhere_counts_for_nothing(tmp_path, other):
    mine = {"batch": "b", "folder": "2026", "visitor": "me"}
    make_job(State.RUNNING, **{**mine, **other})
    assert completed(outcome_at(tmp_path / "made"), **mine).result_filename == "holiday-small.mp4"


def test_a_setting_that_will_not_do_is_said_at_start(monkeypatch):
    monkeypatch.setenv("RESULT_NAME", "small")
    env = Environment()
    env.str("RESULT_NAME", validate=is_template)
    with pytest.raises(ImproperlyConfigured, match=r"RESULT_NAME: must hold \{name\}"):
        env.done()
