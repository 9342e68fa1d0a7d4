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
FILM = "5" * 64


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


def test_another_recipe_for_a_film_makes_a_result_of_another_name(tmp_path):
    jobs = [completed(outcome_at(tmp_path / "made"), sha256=FILM)]
    for _ in range(2):
        jobs.append(completed(outcome_at(tmp_path / "made"), sha256=FILM, source_of=jobs[-1].id))
    jobs.append(completed(outcome_at(tmp_path / "made"), sha256=FILM, source_of=jobs[0].id))
    assert [job.result_filename for job in jobs] == [
        "holiday-small.mp4",
        *(f"holiday-small ({n}).mp4" for n in (2, 3, 4)),
    ]


def test_a_name_does_not_tell_who_else_sent_the_same_film(tmp_path):
    for _ in range(2):  # by programs without a name, which are one owner to the server
        assert completed(outcome_at(tmp_path / "made"), sha256=FILM).result_filename == "holiday-small.mp4"
    first = completed(outcome_at(tmp_path / "made"), sha256=FILM)
    second = completed(outcome_at(tmp_path / "made"), sha256=FILM, source_of=first.id)
    assert second.result_filename == "holiday-small (2).mp4"


def test_finding_them_reads_no_other_rows():
    job = make_job(State.RUNNING, sha256=FILM, source_of=make_job().id, batch="b", folder="2026")
    together, same = plans_of(lambda: Job.objects.namesakes(job)).values()
    assert "job_by_batch" in together
    assert "job_by_content" in same


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
