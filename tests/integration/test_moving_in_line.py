"""An owner says what of the own work comes first, last or not now; operators say more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs import lifecycle, schedule, tasks
from jobs.installation import Installation
from jobs.line import read_line
from jobs.models import Job
from jobs.states import State
from tests.builders import completed_job, film_in_pieces, make_job, visitor_of

pytestmark = pytest.mark.django_db


def order() -> list:
    return [turn.job_id for turn in read_line().turns()]


@pytest.fixture
def three():
    since = timezone.now() - timedelta(minutes=10)
    return [make_job(queued_at=since + timedelta(minutes=number)) for number in range(3)]


@pytest.mark.parametrize(("how", "places"), [("first", [2, 0, 1]), ("last", [0, 1, 2])])
def test_a_job_is_put_first_or_last_of_its_owners(client, three, how, places):
    told = client.post(f"/jobs/{three[2].id}/{how}")
    assert (told.status_code, told.json()["position"]) == (202, places.index(2) + 1)
    assert order() == [three[number].id for number in places]


def test_putting_a_job_first_makes_nobody_elses_wait_longer(client):
    others = make_job(visitor="somebody-else")
    mine = [make_job() for _ in range(2)]
    client.post(f"/jobs/{mine[1].id}/first")
    assert order() == [others.id, mine[1].id, mine[0].id]


def test_a_job_on_hold_has_no_turn_until_it_is_released(client, three):
    held = client.post(f"/jobs/{three[0].id}/hold").json()
    assert (held["is_held"], held["position"]) == (True, None)
    assert order() == [three[1].id, three[2].id]
    assert lifecycle.start(three[0].id, 1, "w") is None
    released = client.post(held["links"]["release"]).json()
    assert (released["is_held"], released["position"]) == (False, 1)


def test_what_is_compressed_whole_is_given_up_when_it_is_held():
    job = make_job(State.RUNNING)
    lifecycle.hold(job)
    assert lifecycle.report(job, None) is False
    job.refresh_from_db()
    assert (job.state, job.attempt, job.losses) == (State.QUEUED, 2, 0)


def test_a_film_on_hold_begins_no_further_piece():
    job = film_in_pieces(2)
    lifecycle.hold(job)
    assert order() == []
    lifecycle.release(Job.objects.get())
    assert set(order()) == {job.id}


def test_what_has_ended_can_be_neither_moved_nor_held(client):
    job = completed_job()
    for how in ("first", "last", "hold", "release"):
        told = client.post(f"/jobs/{job.id}/{how}")
        assert (told.status_code, told.json()["code"]) == (409, "not_waiting"), how


def test_the_links_say_what_can_be_done(client):
    def possible(job) -> set[str]:
        links = client.get(f"/jobs/{job.id}").json()["links"]
        return {name for name in ("first", "last", "hold", "release") if links[name]}

    assert possible(make_job()) == {"first", "last", "hold"}
    assert possible(make_job(held_at=timezone.now())) == {"release"}
    assert possible(make_job(State.RUNNING)) == {"hold"}
    assert possible(completed_job()) == set()


def test_a_browser_moves_its_jobs_without_scripts(client):
    client.get("/")
    job = make_job(visitor=visitor_of(client))
    assert client.post(f"/watch/{job.id}/hold").status_code == 302
    assert Job.objects.get().held_at


def test_operators_priority_goes_before_fairness(three):
    others = make_job(visitor="somebody-else")
    lifecycle.set_priority(three[2], 1)
    assert order()[:2] == [three[2].id, others.id]


def test_nothing_begins_while_operators_have_paused_all(redis):
    Installation.objects.create()
    make_job(with_source=True)
    lifecycle.pause_all(True)
    tasks.take_turn()
    assert Job.objects.get().state == State.QUEUED
    lifecycle.pause_all(False)
    assert schedule.is_open()


def test_nothing_begins_outside_of_the_hours_of_work(redis, settings):
    now = timezone.localtime()
    settings.WORK_HOURS = ((now + timedelta(hours=2)).time(), (now + timedelta(hours=3)).time())
    make_job(with_source=True)
    tasks.take_turn()
    assert Job.objects.get().state == State.QUEUED
