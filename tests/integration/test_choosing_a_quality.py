"""Before all of a film is compressed, its owner may choose among qualities; the job waits, and loses nothing."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from jobs import attempt, encoding, errors, lifecycle, tasks
from jobs.encoding import Offers, Trial, parse_options
from jobs.encoding.offers import Offer
from jobs.models import Job
from jobs.states import State
from jobs.storage import storage
from jobs.sweep import sweep
from tests.builders import has_source, home_of, make_job, make_plan, outcome_at

pytestmark = pytest.mark.django_db
TRIALS = (Trial(25.5, 95.2, 310), Trial(32.0, 90.1, 190))
TRY_FIRST = parse_options({"try_first": "yes", "max_height": 720}).as_dict()


def offers(workdir) -> Offers:
    """As the engine makes them, with pictures where it was given a place for them."""
    source, result = workdir / "offer-source.jpg", workdir / "offer-95.jpg"
    source.write_bytes(b"before")
    result.write_bytes(b"after")
    return Offers((Offer(95, 310_000_000, source, result), Offer(90, 190_000_000)), TRIALS)


@pytest.fixture
def engine(monkeypatch):
    """What the worker asked of the engine; it offers, and compresses to five bytes."""
    asked = SimpleNamespace(offers=[], prepared=[], nothing_to_offer=False)

    def make_offers(args, workdir, report):
        asked.offers.append(args)
        return None if asked.nothing_to_offer else offers(workdir)

    def prepare(args, workdir, report):
        asked.prepared.append(args)
        return outcome_at(workdir / "out")

    monkeypatch.setattr(encoding, "inspect", lambda *_: make_plan(0).media)
    monkeypatch.setattr(encoding, "make_offers", make_offers)
    monkeypatch.setattr(encoding, "prepare", prepare)
    monkeypatch.setattr(attempt, "Lease", InLine)
    return asked


class InLine:
    """A lease whose heart does not beat, so that all happens in the test's own transaction."""

    def __init__(self, *_):
        self.write = lambda verb: verb()
        self.tell = lambda progress: True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def work(job: Job) -> Job:
    """A worker takes the job and does what there is to do."""
    attempt.compress(lifecycle.start(job.id, job.attempt, "w"))
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def waiting(engine) -> Job:
    """A job that waits for a choice."""
    return work(make_job(with_source=True, options=TRY_FIRST))


def choose(client, job, quality):
    return client.post(f"/jobs/{job.id}/choose", {"quality": quality}, content_type="application/json")


# Offering.


def test_a_job_that_was_tried_waits_with_what_there_is_to_choose_from(client, waiting):
    snapshot = client.get(f"/jobs/{waiting.id}").json()
    assert (snapshot["state"], snapshot["is_held"], snapshot["position"]) == ("queued", True, None)
    assert [(offer["quality"], offer["expected_bytes"]) for offer in snapshot["choices"]] == [
        (95, 310_000_000),
        (90, 190_000_000),
    ]
    assert snapshot["links"]["choose"] == f"/jobs/{waiting.id}/choose"
    assert snapshot["choices"][1]["pictures"] is None
    pictures = [client.get(url) for url in snapshot["choices"][0]["pictures"].values()]
    assert [int(picture["Content-Length"]) for picture in pictures] == [len(b"before"), len(b"after")]
    assert {picture["Content-Type"] for picture in pictures} == {"image/jpeg"}


def test_no_worker_takes_it_meanwhile(waiting, engine):
    assert tasks._next_work() is None
    assert lifecycle.start(waiting.id, waiting.attempt, "w") is None


def test_only_pictures_that_are_offered_are_served(client, waiting):
    assert client.get(f"/jobs/{waiting.id}/offers/source").status_code == 404
    assert client.get(f"/jobs/{waiting.id}/offers/offer-85.jpg").status_code == 404


def test_where_there_is_nothing_to_choose_from_the_recipe_decides_at_once(engine):
    engine.nothing_to_offer = True
    job = work(make_job(with_source=True, options=TRY_FIRST))
    assert (job.state, job.choices, len(engine.prepared)) == (State.COMPLETED, None, 1)


def test_a_job_that_does_not_ask_for_it_is_not_tried(engine):
    assert work(make_job(with_source=True)).state == State.COMPLETED
    assert engine.offers == []


def test_it_goes_with_recipes_that_aim_at_a_quality(client):
    body = {"filename": "a.mp4", "size": 5, "recipe": "fast", "try_first": "yes"}
    answer = client.post("/jobs", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["try_first"])


# Choosing.


def test_the_job_goes_on_at_the_quality_that_was_chosen_and_knows_what_was_tried(client, waiting, engine):
    answer = choose(client, waiting, 90)
    assert answer.status_code == 202
    chosen = answer.json()
    assert (chosen["is_held"], chosen["choices"], chosen["links"]["choose"]) == (False, None, None)
    assert (chosen["recipe"]["quality"], chosen["position"], chosen["expires_at"]) == (90, 1, None)

    done = work(Job.objects.get(pk=waiting.pk))
    (args,) = engine.prepared
    assert (args.options.target_quality, args.options.max_height, args.known) == (90, 720, TRIALS)
    assert (done.state, len(engine.offers)) == (State.COMPLETED, 1)
    assert not list(home_of(done).glob("offers-*"))


def test_the_same_choice_twice_is_one_and_another_is_refused(client, waiting, engine):
    choose(client, waiting, 90)
    assert choose(client, waiting, 90).status_code == 202
    other = choose(client, waiting, 95)
    assert (other.status_code, other.json()["code"]) == (409, "not_offered")
    work(Job.objects.get(pk=waiting.pk))
    assert choose(client, waiting, 90).status_code == 200


@pytest.mark.parametrize("quality", [85, 0, -1])
def test_what_is_not_offered_is_refused_in_words(client, waiting, quality):
    answer = choose(client, waiting, quality)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_offered")
    assert Job.objects.get().awaits_choice


@pytest.mark.parametrize("body", [{}, {"quality": "best"}, {"quality": None}, {"quality": 90.5}])
def test_what_is_no_quality_is_refused_by_name(client, waiting, body):
    answer = client.post(f"/jobs/{waiting.id}/choose", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["quality"])


@pytest.mark.parametrize("state", State)
def test_a_job_that_offers_nothing_takes_no_choice(client, state):
    assert choose(client, make_job(state), 95).json()["code"] == "not_offered"


def test_nobody_else_chooses(client, waiting, django_user_model):
    Job.objects.update(owner=django_user_model.objects.create_user("ann"))
    assert choose(client, waiting, 90).status_code == 404


def test_releasing_it_leaves_the_choice_to_the_recipe(client, waiting, engine):
    released = client.post(f"/jobs/{waiting.id}/release").json()
    assert (released["choices"], released["expires_at"]) == (None, None)
    assert choose(client, waiting, 90).status_code == 409
    assert work(Job.objects.get(pk=waiting.pk)).state == State.COMPLETED
    assert engine.prepared[0].options.target_quality == 95


def test_the_same_submission_is_the_same_job_after_the_choice(client, engine):
    body = {"filename": "holiday.mov", "size": 52, "try_first": "yes"}
    key = {"client_job_id": "0d4a1a88-4f0a-4fb9-a5a4-6d5d7a0c5b11"}
    job_id = client.post("/jobs", {**body, **key}, content_type="application/json").json()["id"]
    Job.objects.update(state=State.QUEUED, choices={"offers": [], "trials": []}, chosen_quality=90)
    again = client.post("/jobs", {**body, **key}, content_type="application/json")
    assert (again.status_code, again.json()["id"]) == (202, job_id)


# Crashes.


def test_a_worker_that_is_lost_before_the_row_says_so_leaves_it_to_the_next_one(client, engine, monkeypatch):
    job = make_job(with_source=True, options=TRY_FIRST)
    monkeypatch.setattr(lifecycle, "offer", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        work(job)
    monkeypatch.undo()
    job = Job.objects.get()
    job.suspected_at = timezone.now()
    job.save()
    rescued = lifecycle.rescue(job)
    assert (rescued.state, rescued.choices, has_source(job)) == (State.QUEUED, None, True)


def test_a_worker_that_was_given_up_offers_nothing_and_leaves_no_pictures(engine):
    job = make_job(with_source=True, options=TRY_FIRST)
    started = lifecycle.start(job.id, 1, "w")
    lifecycle.hold(started)
    attempt.compress(started)
    job = Job.objects.get()
    assert (job.choices, job.attempt) == (None, 2)
    assert not list(home_of(job).glob("offers-*"))


def test_a_job_canceled_meanwhile_leaves_nothing(engine):
    job = make_job(with_source=True, options=TRY_FIRST)
    started = lifecycle.start(job.id, 1, "w")
    lifecycle.cancel(started)
    storage.begin_source(job.id)  # the worker had it open
    attempt.compress(started)
    assert Job.objects.get().state == State.CANCELED
    assert not list(home_of(job).glob("offers-*"))


def test_a_database_that_commits_without_telling_is_understood(tmp_path):
    job = make_job(State.RUNNING, options=TRY_FIRST, started_at=timezone.now())
    made = offers(tmp_path)
    assert lifecycle.offer(job, made)
    assert lifecycle.offer(job, made)  # it was not told, and tries again
    assert Job.objects.get().attempt == 2


# Nobody chooses.


def test_what_nobody_chose_ends_in_words_and_its_files_are_deleted(client, waiting):
    Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sweep()["abandon"] == 1
    answer = client.get(f"/jobs/{waiting.id}")
    assert (answer.status_code, answer.json()["code"]) == (400, "nobody_chose")
    assert answer.json()["retryable"] is False
    assert not home_of(waiting).exists()


def test_it_waits_as_long_as_a_result_is_kept(waiting, settings):
    seconds = (waiting.expires_at - timezone.now()).total_seconds()
    assert settings.RESULT_RETENTION - 60 < seconds <= settings.RESULT_RETENTION
    assert sweep()["abandon"] == 0


def test_a_choice_in_the_last_moment_counts(client, waiting):
    Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    due = Job.objects.choices_to_lapse().get()
    choose(client, waiting, 90)
    assert lifecycle.lapse(due) is None
    assert Job.objects.get().state == State.QUEUED


# The card.


def card(client, job) -> str:
    return client.get(f"/watch/{job.id}/card").content.decode()


def test_the_card_shows_each_quality_with_its_pictures_and_size(client, waiting):
    words = " ".join(re.sub(r"<[^>]*>", " ", card(client, waiting)).split())
    assert "Choose how good it should be" in words
    assert "Quality 95 about 310 MB for holiday.mov" in words.replace("\N{NO-BREAK SPACE}", " ")
    assert card(client, waiting).count("<figure>") == 2
    assert "Release" not in words


def test_its_buttons_work_without_javascript(client, waiting):
    assert re.findall(r'name="quality" value="(\d+)"', card(client, waiting)) == ["95", "90"]
    answer = client.post(f"/watch/{waiting.id}/choose", {"quality": "95"})
    assert (answer.status_code, answer.url) == (302, f"/watch/{waiting.id}")
    assert Job.objects.get().chosen_quality == 95
    assert "Next in line" in card(client, waiting)


@pytest.mark.parametrize("quality", ["", "x", "85"])
def test_a_button_of_another_day_is_told_so(client, waiting, quality):
    answer = client.post(f"/watch/{waiting.id}/choose", {"quality": quality}, headers={"Accept": "text/html"})
    assert answer.status_code == 409
    assert errors.NotOffered.title in answer.content.decode()
