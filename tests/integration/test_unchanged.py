"""A poll that finds nothing new is answered before the view, and by the same rules."""

from types import SimpleNamespace
from unittest import mock

from asgiref.sync import sync_to_async
from channels.testing import HttpCommunicator
from django.contrib.auth import get_user_model
from django.test import Client, TransactionTestCase, override_settings

from compressor.asgi import application
from jobs import rate_limit
from jobs.states import State
from jobs.tokens import ApiToken
from tests.builders import completed_job, make_job
from tests.integration.outage import Outage

KNOWN = '"1"'  # the revision of what the builders make


async def poll(job, method="GET", **headers):
    given = {"host": "testserver", "if_none_match": KNOWN, **headers}
    encoded = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    response = await HttpCommunicator(application, method, f"/jobs/{job.id}", headers=encoded).get_response(timeout=20)
    return SimpleNamespace(**{**response, "headers": {name.decode(): v.decode() for name, v in response["headers"]}})


def without_the_view():
    return mock.patch("jobs.responses.conditional", side_effect=AssertionError("the view was asked"))


@sync_to_async
def sign_in(name):
    browser, user = Client(), get_user_model().objects.create(username=name)
    browser.force_login(user)
    return user, f"sessionid={browser.cookies['sessionid'].value}"


@sync_to_async
def with_token(name):
    secret, user = ApiToken.new_secret(), get_user_model().objects.create(username=name)
    ApiToken.objects.create(user=user, name="script", digest=ApiToken.digest_of(secret))
    return user, f"Bearer {secret}"


class UnchangedTest(TransactionTestCase):
    async def test_it_is_told_so_with_the_headers_of_the_document(self):
        job = await sync_to_async(completed_job)()
        document = await poll(job, if_none_match='"0"')
        with without_the_view():
            told, head = await poll(job), await poll(job, "HEAD")
        assert (document.status, told.status, head.status, told.body) == (200, 304, 304, b"")
        for name in ("ETag", "Content-Location", "Cache-Control"):
            assert told.headers[name] == document.headers[name]

    async def test_news_are_told_in_full(self):
        job = await sync_to_async(make_job)(State.RUNNING, revision=2)
        told = await poll(job)
        assert (told.status, told.headers["ETag"]) == (202, '"2"')

    async def test_a_job_of_somebody_else_is_not_there(self):
        ann, _ = await sign_in("ann")
        _, ben = await sign_in("ben")
        job = await sync_to_async(make_job)(State.RUNNING, owner=ann)
        assert [(await poll(job)).status, (await poll(job, cookie=ben)).status] == [404, 404]

    async def test_its_owner_is_known_by_session_and_by_token(self):
        ann, session = await sign_in("ann")
        ben, token = await with_token("ben")
        of_ann = await sync_to_async(make_job)(State.RUNNING, owner=ann)
        of_ben = await sync_to_async(make_job)(State.RUNNING, owner=ben)
        with without_the_view():
            assert (await poll(of_ann, cookie=session)).status == 304
            assert (await poll(of_ben, authorization=token)).status == 304
        assert (await poll(of_ann, authorization=token)).status == 404

    async def test_a_wrong_token_is_refused(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        assert (await poll(job, authorization="Bearer cmp_made_up")).status == 401

    async def test_nobody_asks_without_signing_in_where_that_is_wanted(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        with override_settings(ACCESS="login"):
            assert (await poll(job)).status == 401

    async def test_it_counts_like_any_request(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        with override_settings(MAX_REQUESTS_PER_MINUTE=3):
            told = [(await poll(job)).status for _ in range(5)]
        rate_limit.forget()
        assert told == [304, 304, 304, 429, 429]

    async def test_by_a_name_that_is_not_ours_nothing_is_told(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        assert (await poll(job, host="elsewhere.example")).status == 400

    async def test_a_browser_is_shown_the_page(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        assert (await poll(job, accept="text/html,*/*;q=0.8")).status == 303

    async def test_a_job_that_failed_is_told_in_full(self):
        job = await sync_to_async(make_job)(State.FAILED, error_code="audio_only")
        assert (await poll(job)).status == 400

    async def test_a_database_that_is_away_is_said_to_be(self):
        job = await sync_to_async(make_job)(State.RUNNING)
        outage = Outage()
        await sync_to_async(outage.begin)()
        told = await poll(job)
        await sync_to_async(outage.end)()
        assert (told.status, told.headers["Retry-After"]) == (503, "5")
