"""A page of another site can make a visitor's browser send requests. It gets nothing done by that."""

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth import get_user_model
from django.test import Client, TransactionTestCase, override_settings

from compressor.asgi import application
from compressor.hosts import own_names
from jobs.models import Job
from jobs.tokens import ApiToken
from tests.builders import completed_job, make_job, video

pytestmark = pytest.mark.django_db
OURS = "http://testserver"
EVIL = "https://evil.example"
PROXIED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "video.example.org",
    "Origin": "https://video.example.org",
}


@pytest.fixture
def behind_proxy(settings):
    settings.BEHIND_PROXY = settings.USE_X_FORWARDED_HOST = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLOWED_HOSTS = ["video.example.org"]


def submit(**headers):
    answer = Client().post("/jobs", {"file": video()}, headers=headers)
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "https://testserver"},
        {"Origin": "http://testserver:8080"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": OURS, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_that_another_sites_page_posts_makes_no_job(headers):
    assert submit(**headers) == (403, "foreign_origin")
    assert not Job.objects.exists()


@pytest.mark.parametrize("method", ["delete", "post"])
def test_nor_does_it_change_one(method):
    job = completed_job()
    suffix = "/retry" if method == "post" else ""
    assert getattr(Client(), method)(f"/jobs/{job.id}{suffix}", headers={"Origin": EVIL}).status_code == 403


def test_nor_does_it_begin_an_upload():
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Origin": EVIL}
    assert Client().post("/uploads/", headers=headers).status_code == 403


def test_a_program_that_says_nothing_and_our_own_page_are_served():
    assert submit() == (202, None)
    assert submit(**{"Origin": OURS, "Sec-Fetch-Site": "same-origin"}) == (202, None)


def test_whoever_bears_a_token_may_come_from_anywhere(admin_user):
    secret = ApiToken.new_secret()
    ApiToken.objects.create(user=admin_user, name="script", digest=ApiToken.digest_of(secret))
    bearing = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site", "Authorization": f"Bearer {secret}"}
    assert submit(**bearing) == (202, None)


def test_an_origin_that_the_operator_trusts_is_served(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://video.example.org", "https://*.films.example"]
    for origin in ("https://video.example.org", "https://my.films.example"):
        assert submit(**{"Origin": origin, "Sec-Fetch-Site": "cross-site"}) == (202, None)
    assert submit(Origin="http://my.films.example")[0] == 403


def test_behind_a_proxy_with_tls_our_page_is_the_one_that_the_proxy_names(behind_proxy):
    assert submit(**PROXIED) == (202, None)
    assert submit(**{**PROXIED, "Origin": "http://video.example.org"})[0] == 403


def test_reading_is_open_to_links_from_elsewhere():
    assert Client().get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.5:8000", 200),
        ("[fd00::5]:8000", 200),
        ("localhost:8000", 200),
        ("evil.example", 400),
        ("192.168.1.5.evil.example", 400),
        ("2130706433", 400),
    ],
)
def test_a_name_that_could_be_anybodys_is_not_answered_and_an_address_is(settings, host, status):
    settings.ALLOWED_HOSTS = own_names("127.0.0.1")
    answer = Client().get("/", headers={"Host": host})
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "unknown_host"


def test_the_name_that_the_operator_listens_on_is_answered(settings):
    settings.ALLOWED_HOSTS = own_names("films.example")
    assert Client().get("/", headers={"Host": "films.example:8000"}).status_code == 200


def test_every_page_forbids_scripts_that_are_not_files_of_ours_and_frames(admin_client):
    for path in ("/", "/problems", "/docs", "/accounts/login/", "/admin/", "/nothing/here", "/healthz"):
        policy = admin_client.get(path)["Content-Security-Policy"]
        assert "default-src 'self'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path


def test_a_result_can_neither_be_framed_nor_run_and_gives_its_address_to_nobody():
    answer = Client().get(f"/jobs/{completed_job().id}/result")
    policy = answer["Content-Security-Policy"]
    assert {"default-src 'none'", "frame-ancestors 'none'", "sandbox"} <= set(policy.split("; "))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_cookies_are_for_tls_alone_where_there_is_tls_and_hsts_is_a_setting(behind_proxy, settings):
    settings.SECURE_HSTS_SECONDS = 3600
    answer = Client().get("/", headers=PROXIED)
    assert answer["Strict-Transport-Security"] == "max-age=3600"
    assert {name: bool(cookie["secure"]) for name, cookie in answer.cookies.items()} == {
        "csrftoken": True,
        "visitor": True,
    }
    plain = Client().get("/", headers={"Host": "video.example.org"})
    assert "Strict-Transport-Security" not in plain
    assert not plain.cookies["visitor"]["secure"]


class SocketTest(TransactionTestCase):
    async def answer_to(self, job, **headers):
        """The first snapshot, or the close code."""
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        socket = WebsocketCommunicator(application, f"/ws/jobs/{job.id}", headers=encoded)
        await socket.connect(timeout=5)
        message = await socket.receive_output(timeout=5)
        await socket.disconnect()
        return message.get("code") or "served"

    async def test_another_sites_page_is_refused_whatever_its_cookies_look_like(self):
        job = await sync_to_async(make_job)()
        for cookie in ("sessionid=abc", "odd name=1; sessionid=abc", ""):
            with self.subTest(cookie=cookie):
                headers = {"Host": "testserver", "Cookie": cookie}
                assert await self.answer_to(job, Origin="http://evil.example", **headers) == 4403
                assert await self.answer_to(job, Origin="https://testserver", **headers) == 4403
                assert await self.answer_to(job, Origin="http://testserver", **headers) == "served"

    async def test_a_name_that_was_made_to_lead_here_is_refused(self):
        job = await sync_to_async(make_job)()
        with override_settings(ALLOWED_HOSTS=own_names("127.0.0.1")):
            assert await self.answer_to(job, Host="evil.example", Origin="http://evil.example") == 4403
            assert await self.answer_to(job, Host="10.0.0.2:80", Origin="http://10.0.0.2:80") == "served"

    @override_settings(
        BEHIND_PROXY=True,
        USE_X_FORWARDED_HOST=True,
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
        ALLOWED_HOSTS=["video.example.org"],
    )
    async def test_behind_a_proxy_the_forwarded_host_and_scheme_count(self):
        job = await sync_to_async(make_job)()
        for scheme in ("https", "wss"):
            headers = {**PROXIED, "X-Forwarded-Proto": scheme, "Host": "127.0.0.1:8000"}
            assert await self.answer_to(job, **headers) == "served"

    async def test_refusals_have_codes_of_their_own(self):
        job = await sync_to_async(make_job)()
        theirs = await sync_to_async(make_job)(owner=await get_user_model().objects.acreate(username="ann"))
        assert await self.answer_to(theirs) == 4404
        assert await self.answer_to(job, Authorization="Bearer wrong") == 4401
        assert await self.answer_to(job, Authorization="Basic YW5uOng=") == "served"
        with override_settings(ACCESS="login"):
            assert await self.answer_to(job) == 4401

    async def test_a_socket_to_anywhere_else_is_refused_before_it_opens(self):
        for path in ("/ws/jobs/1", "/", "/jobs"):
            assert (await WebsocketCommunicator(application, path).connect(timeout=5))[0] is False
