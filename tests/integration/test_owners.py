"""Who may reach which job, and who needs to prove where a write comes from."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from jobs.models import Job
from jobs.states import State
from jobs.tokens import ApiToken
from tests.builders import completed_job, make_job, video

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return get_user_model().objects.create_user("ann")


@pytest.fixture
def ben():
    return get_user_model().objects.create_user("ben")


@pytest.fixture
def secret(ann):
    secret = ApiToken.new_secret()
    ApiToken.objects.create(user=ann, name="script", digest=ApiToken.digest_of(secret))
    return secret


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def signed_in(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


ADDRESSES = ["/jobs/{}", "/jobs/{}/result", "/watch/{}", "/jobs/{}/pictures/poster.jpg"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_somebody_elses_job_does_not_exist(ann, ben, address):
    theirs = signed_in(ben).get(address.format(completed_job(owner=ann).id))
    unknown = signed_in(ben).get(address.format(uuid.uuid4()))
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.json()["detail"] == unknown.json()["detail"]


@pytest.mark.parametrize(("method", "suffix"), [("delete", ""), ("post", "/retry")])
def test_somebody_elses_job_cannot_be_changed(ann, ben, method, suffix):
    job = make_job(owner=ann)
    assert getattr(signed_in(ben), method)(f"/jobs/{job.id}{suffix}").status_code == 404
    assert Job.objects.get().state == State.QUEUED


def staff_with(*permissions):
    staff = get_user_model().objects.create_user("-".join(["staff", *permissions]), is_staff=True)
    staff.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return signed_in(staff)


def test_an_administrator_reaches_every_job(ann, admin_client):
    job = make_job(owner=ann)
    assert admin_client.get(f"/jobs/{job.id}").status_code == 202
    assert admin_client.delete(f"/jobs/{job.id}").status_code == 204


@pytest.mark.parametrize(
    ("permissions", "reads", "deletes"),
    [([], 404, 404), (["view_job"], 202, 403), (["change_job"], 202, 204)],
)
def test_staff_reach_others_jobs_as_far_as_their_permissions_go(ann, permissions, reads, deletes):
    job = make_job(owner=ann)
    staff = staff_with(*permissions)
    assert staff.get(f"/jobs/{job.id}").status_code == reads
    tus = {"Tus-Resumable": "1.0.0"}
    assert staff.delete(f"/uploads/{job.id}", headers=tus).status_code == deletes
    expected = 409 if deletes == 204 else deletes  # it is canceled by now, and has no source
    assert staff.post(f"/jobs/{job.id}/retry").status_code == expected


def test_a_permission_without_being_staff_opens_nothing(ann, ben):
    ben.user_permissions.add(*Permission.objects.filter(codename="view_job"))
    assert signed_in(ben).get(f"/jobs/{make_job(owner=ann).id}").status_code == 404


def test_an_anonymous_job_is_reached_by_whoever_knows_its_id(client, ann):
    job = make_job(visitor=str(uuid.uuid4()))
    assert client.get(f"/jobs/{job.id}").status_code == 202
    assert signed_in(ann).get(f"/jobs/{job.id}").status_code == 202


def test_an_anonymous_job_is_listed_only_to_the_browser_that_made_it(client):
    client.get("/")
    job_id = client.post("/jobs", {"file": video()}).json()["id"]
    assert [job["id"] for job in client.get("/jobs").json()["jobs"]] == [job_id]
    other = Client()
    other.get("/")
    assert other.get("/jobs").json()["jobs"] == []
    assert Client().get("/jobs").json()["jobs"] == []


def test_a_tokens_jobs_are_its_users_jobs(secret, ann):
    job_id = Client().post("/jobs", {"file": video()}, headers=bearer(secret)).json()["id"]
    assert Job.objects.get().owner == ann
    assert signed_in(ann).get(f"/jobs/{job_id}").status_code == 202
    assert Client().get(f"/jobs/{job_id}").status_code == 404


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "bearer Basic"])
def test_a_wrong_token_is_refused_even_where_none_is_needed(client, header):
    answer = client.get("/jobs", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_opens_nothing(client, secret):
    ApiToken.objects.all().delete()
    assert client.get("/jobs", headers=bearer(secret)).status_code == 401


def test_the_token_of_a_user_who_was_shut_out_opens_nothing(client, secret, ann):
    get_user_model().objects.update(is_active=False)
    assert client.get("/jobs", headers=bearer(secret)).status_code == 401


def test_a_secret_is_not_kept(secret):
    assert secret not in str(ApiToken.objects.values())


def test_where_signing_in_is_required_a_stranger_is_turned_away(settings, client, secret):
    settings.ACCESS = "login"
    assert client.post("/jobs", {"file": video()}).status_code == 401
    assert client.get(f"/jobs/{make_job().id}").status_code == 401
    assert client.get("/")["Location"].startswith("/accounts/login/")
    assert client.post("/jobs", {"file": video()}, headers=bearer(secret)).status_code == 202


class TestForgery:
    """Another site's page can make a browser send its cookies, and nothing else that matters."""

    def test_a_program_without_cookies_needs_no_csrf_token(self):
        assert Client(enforce_csrf_checks=True).post("/jobs", {"file": video()}).status_code == 202

    def test_a_token_needs_no_csrf_token_even_beside_a_cookie(self, ann, secret):
        client = signed_in(ann, enforce_csrf_checks=True)
        assert client.post("/jobs", {"file": video()}, headers=bearer(secret)).status_code == 202

    @pytest.mark.parametrize(("method", "suffix"), [("post", ""), ("delete", "/{id}"), ("post", "/{id}/retry")])
    def test_a_write_with_a_session_cookie_needs_one(self, ann, method, suffix):
        client = signed_in(ann, enforce_csrf_checks=True)
        job = make_job(owner=ann)
        answer = getattr(client, method)(f"/jobs{suffix.format(id=job.id)}")
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
        assert Job.objects.get().state == State.QUEUED

    def test_our_own_page_has_one(self):
        client = Client(enforce_csrf_checks=True)
        client.get("/")
        token = client.cookies["csrftoken"].value
        assert client.post("/jobs", {"file": video()}, headers={"X-CSRFToken": token}).status_code == 202

    def test_signing_in_always_needs_one(self):
        client = Client(enforce_csrf_checks=True)
        assert client.post("/accounts/login/", {"username": "ann", "password": "x"}).status_code == 403


def test_a_request_with_a_token_reads_and_does_not_write_each_time(client, admin_user, django_assert_num_queries):
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(user=admin_user, name="backup", digest=ApiToken.digest_of(secret))
    bearer = {"Authorization": f"Bearer {secret}"}
    client.get("/jobs", headers=bearer)
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    with django_assert_num_queries(2):  # the token, the jobs
        client.get("/jobs", headers=bearer)
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=noted - timedelta(hours=1))
    client.get("/jobs", headers=bearer)
    assert ApiToken.objects.get().last_used_at >= noted
