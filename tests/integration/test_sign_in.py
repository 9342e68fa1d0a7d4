"""Signing in by name and password, and who is kept from guessing."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from jobs import sign_in

pytestmark = pytest.mark.django_db
PAGES = ["/accounts/login/", "/admin/login/"]


@pytest.fixture(autouse=True)
def few_attempts(monkeypatch, redis, settings):
    monkeypatch.setattr(sign_in, "MOST_PER_NAME", 3)
    monkeypatch.setattr(sign_in, "MOST_PER_ADDRESS", 5)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def ann(few_attempts):
    return get_user_model().objects.create_user("ann", password="right", is_staff=True)


def attempt(password, name="ann", page=PAGES[0], address="192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(page, {"username": name, "password": password})


@pytest.mark.parametrize("page", PAGES)
def test_after_some_attempts_even_the_right_password_has_to_wait(page):
    assert [attempt("wrong", page=page).status_code for _ in range(3)] == [200, 200, 200]
    refused = attempt("right", page=page)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert refused["Retry-After"] == str(sign_in.WINDOW)
    assert attempt("right", page=page, address="192.0.2.2").status_code == 302, "a stranger does not keep her out"


def test_one_address_may_not_try_many_names():
    assert [attempt("wrong", name=f"user{number}").status_code for number in range(6)] == [200] * 5 + [429]


def test_one_network_of_ipv6_counts_as_one_address():
    statuses = [attempt("wrong", address=f"2001:db8::{number}").status_code for number in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_what_was_right_starts_the_count_anew():
    assert [attempt(password).status_code for password in ("wrong", "wrong", "right", "wrong")] == [200, 200, 302, 200]


def test_behind_a_proxy_the_address_that_it_wrote_counts_and_not_what_a_client_made_up(settings):
    settings.BEHIND_PROXY = True
    for made_up in range(4):
        headers = {"X-Forwarded-For": f"10.9.8.{made_up}, 203.0.113.7"}
        last = Client().post(PAGES[0], {"username": "ann", "password": "wrong"}, headers=headers)
    assert last.status_code == 429


def test_attempts_are_logged_with_name_and_address(caplog):
    caplog.set_level("INFO", "jobs.sign_in")
    attempt("wrong", name="bo\nb")
    attempt("right")
    assert "Failed attempt to sign in as 'bo\\nb' from 192.0.2.1" in caplog.text
    assert "'ann' signed in from 192.0.2.1" in caplog.text
    assert "wrong" not in caplog.text


def test_people_get_in_while_redis_is_away(settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/redis.sock",
        }
    }
    assert attempt("right").status_code == 302
    assert "not limited" in caplog.text


def test_a_password_cannot_be_reset_where_no_mail_is_set_up():
    assert Client().get("/accounts/password_reset/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("password_reset")


def test_the_basic_auth_of_a_proxy_in_front_breaks_nothing():
    for header in ("Basic YW5uOng=", "Digest x", "Negotiate", ""):
        assert Client().get("/", headers={"Authorization": header}).status_code == 200
    assert attempt("right").status_code == 302
