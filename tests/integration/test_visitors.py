"""A browser keeps its own name: looking at pages leaves nothing in the database, and old sessions go."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from jobs.sweep import sweep
from tests.builders import make_job, video, visitor_of

pytestmark = pytest.mark.django_db


def listed(client) -> list[str]:
    return [job["id"] for job in client.get("/jobs").json()["jobs"]]


@pytest.mark.parametrize("path", ["/", "/jobs", "/recipes", "/accounts/login/", "/admin/login/", "/healthz"])
def test_looking_at_a_page_without_cookies_makes_no_session(path):
    assert Client().get(path).status_code == 200
    assert not Session.objects.exists()


def test_submitting_makes_none_either(client):
    client.get("/")
    client.post("/", {"file": video()})
    assert len(listed(client)) == 1
    assert not Session.objects.exists()


def test_a_browser_keeps_its_name(client):
    client.get("/")
    name = visitor_of(client)
    client.get("/")
    assert visitor_of(client) == name
    assert client.cookies["visitor"]["httponly"]
    assert client.cookies["visitor"]["samesite"] == "Lax"


def test_a_name_that_was_not_given_here_is_nobodys(client):
    job = make_job(visitor="somebody")
    client.cookies["visitor"] = "somebody:1abcde:signature"
    assert str(job.id) not in listed(client)


def test_a_name_from_before_is_still_known(client):
    session = client.session
    session["visitor"] = "known-from-before"
    session.save()
    client.cookies["sessionid"] = session.session_key
    job = make_job(visitor="known-from-before")
    assert listed(client) == [str(job.id)]
    client.get("/")
    del client.cookies["sessionid"]
    assert listed(client) == [str(job.id)]


def test_a_write_with_a_visitors_cookie_needs_the_csrf_token():
    browser = Client(enforce_csrf_checks=True)
    browser.get("/")
    assert browser.post("/jobs", {"file": video()}).status_code == 403
    token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    assert browser.post("/jobs", {"file": video()}, headers=token).status_code == 202


def test_the_sweep_deletes_sessions_that_are_over():
    for _ in range(2):
        SessionStore().create()
    Session.objects.filter(pk=Session.objects.first().pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert sweep()["sign_out"] == 1
    assert Session.objects.count() == 1


def test_what_a_browser_submitted_goes_along_into_the_account_that_signs_in_there(client, redis):
    get_user_model().objects.create_user("ann", password="right")
    client.get("/")
    client.post("/", {"file": video()})
    (submitted,) = listed(client)

    page = client.post("/accounts/login/", {"username": "ann", "password": "right"}, follow=True)

    assert "The video that you sent before you signed in now belongs to your account." in page.content.decode()
    assert listed(client) == [submitted]
    client.post("/accounts/logout/")
    assert listed(client) == []


def test_a_job_whose_name_the_account_has_given_to_another_stays_where_it_is(client, redis):
    ann = get_user_model().objects.create_user("ann", password="right")
    make_job(owner=ann, client_job_id="holiday")
    client.get("/")
    left = make_job(visitor=visitor_of(client), client_job_id="holiday")

    client.post("/accounts/login/", {"username": "ann", "password": "right"})

    left.refresh_from_db()
    assert left.owner is None
