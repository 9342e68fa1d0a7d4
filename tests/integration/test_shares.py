"""One owner may hold so much and no more, and a stranger still gets in: places in the queue, open uploads, bytes."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from jobs import errors, lifecycle, shares
from jobs.models import Job, Owner
from jobs.states import State
from tests.builders import completed_job, failed_job, make_job, outcome_at, video, visitor_of, write_source
from tests.plans import plans_of

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


def program(address=HERE):
    """Without a name: no cookies, no token."""
    return Client(REMOTE_ADDR=address)


def browser(address=HERE):
    client = Client(REMOTE_ADDR=address)
    client.get("/")
    client.cookies.pop("csrftoken", None)
    return client


def announce(client, size=1):
    answer = client.post("/jobs", {"filename": "film.mp4", "size": size}, content_type="application/json")
    client.cookies.pop("", None)
    return answer


def code(answer):
    return answer.status_code, answer.json().get("code")


class TestPlaces:
    @pytest.fixture(autouse=True)
    def _eight_places(self, settings):
        settings.MAX_QUEUED = 8

    def test_one_owner_gets_half_of_the_places_that_are_free_and_a_stranger_half_of_what_is_left(self):
        assert [announce(program()).status_code for _ in range(4)] == [202] * 4
        refused = announce(program())
        assert code(refused) == (429, "queue_share_taken")
        assert 1 <= int(refused["Retry-After"]) <= 60
        assert "kept for others" in refused.json()["detail"]
        assert [announce(program(ELSEWHERE)).status_code for _ in range(3)] == [202, 202, 429]

    def test_it_goes_on_when_one_is_done(self):
        jobs = [announce(program()).json() for _ in range(4)]
        assert announce(program()).status_code == 429
        Client().delete(jobs[0]["links"]["self"])
        assert announce(program()).status_code == 202

    def test_the_last_place_is_given_to_whoever_has_none(self):
        for _ in range(7):
            make_job(owner=get_user_model().objects.create_user(str(uuid.uuid4())))
        assert announce(program()).status_code == 202
        assert code(announce(program(ELSEWHERE))) == (429, "queue_full")

    def test_new_cookies_do_not_make_a_new_owner(self):
        taken = [announce(browser()).status_code for _ in range(8)]
        assert taken.count(202) == 6  # together two thirds of what is free
        assert announce(browser(ELSEWHERE)).status_code == 202

    def test_a_user_has_one_share_whatever_the_address(self):
        user = get_user_model().objects.create_user("ann")
        clients = [Client(REMOTE_ADDR=address) for address in (HERE, ELSEWHERE)]
        for client in clients:
            client.force_login(user)
        taken = [clients[number % 2].post("/jobs", {"file": video()}).status_code for number in range(6)]
        assert taken == [202] * 4 + [429] * 2

    def test_running_a_job_again_counts_like_submitting_it(self):
        failed = failed_job(network=Owner_of(HERE).network)
        for _ in range(4):
            announce(program())
        assert code(program().post(f"/jobs/{failed.id}/retry")) == (429, "queue_share_taken")
        Job.objects.filter(state=State.UPLOADING).first().delete()
        assert program().post(f"/jobs/{failed.id}/retry").status_code == 202

    def test_the_same_request_again_finds_its_job_whatever_else_is_waiting(self):
        body = {"filename": "film.mp4", "size": 1, "client_job_id": str(uuid.uuid4())}
        first = program().post("/jobs", body, content_type="application/json").json()
        for _ in range(4):
            announce(program())
        assert program().post("/jobs", body, content_type="application/json").json()["id"] == first["id"]


def Owner_of(address):
    from jobs.addresses import fingerprint_of

    return Owner(network=fingerprint_of(address))


def test_four_hundred_videos_of_one_person_find_a_place_on_an_idle_server(settings):
    Job.objects.bulk_create([Job(filename="film.mp4", size=1, options={}, visitor="somebody") for _ in range(399)])
    shares.check_announcement(Owner(visitor="somebody"), 1)
    shares.check_announcement(Owner(visitor="stranger", network="elsewhere"), 1)


class TestOpenUploads:
    @pytest.fixture(autouse=True)
    def _three(self, settings):
        settings.MAX_OPEN_UPLOADS = 3

    def test_they_are_limited_whichever_way_they_are_announced(self):
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}
        assert [announce(program()).status_code for _ in range(3)] == [202] * 3
        assert code(announce(program())) == code(program().post("/uploads/", headers=tus)) == (429, "too_many_uploads")
        assert program().post("/jobs", {"file": video()}).status_code == 202  # which is whole

    def test_an_address_counts_as_one_even_where_it_is_one_of_a_whole_network(self):
        assert [announce(program(f"2001:db8::{n}")).status_code for n in range(4)] == [202, 202, 202, 429]
        assert announce(program("2001:db8:0:1::1")).status_code == 202
        assert [announce(program(f"::ffff:{HERE}")).status_code for _ in range(3)] == [202] * 3
        assert announce(program(HERE)).status_code == 429

    def test_behind_a_declared_proxy_it_is_the_address_that_the_proxy_names(self, settings):
        settings.BEHIND_PROXY = True
        forged = [{"X-Forwarded-For": f"192.0.2.{n}, {HERE}"} for n in range(4)]
        clients = [Client(REMOTE_ADDR="127.0.0.1", headers=headers) for headers in forged]
        assert [announce(client).status_code for client in clients] == [202, 202, 202, 429]
        assert announce(Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": ELSEWHERE})).status_code == 202

    def test_without_a_declared_proxy_nobody_may_name_an_address(self):
        clients = [Client(REMOTE_ADDR=HERE, headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(4)]
        assert [announce(client).status_code for client in clients] == [202, 202, 202, 429]


class TestBytes:
    @pytest.fixture(autouse=True)
    def _hundred(self, settings):
        settings.MAX_BYTES_PER_OWNER = 100

    def test_what_is_kept_and_what_was_announced_counts(self):
        network = Owner_of(HERE).network
        completed_job(size=1000, kept_bytes=30, network=network)  # the source is gone
        assert announce(program(), 40).status_code == 202
        refused = announce(program(), 40)
        assert code(refused) == (429, "disk_share_taken")
        assert refused.json()["max_bytes"] == 100
        assert announce(program(), 30).status_code == 202
        assert announce(program(ELSEWHERE), 90).status_code == 202

    def test_what_is_deleted_does_not(self):
        job = announce(program(), 90).json()
        assert announce(program(), 20).status_code == 429
        program().delete(job["links"]["self"])
        assert announce(program(), 20).status_code == 202

    def test_at_every_door_who_keeps_too_much_is_told_so_and_nothing_is_kept(self, settings):
        settings.MAX_BYTES_PER_OWNER = 1000
        someone = browser()
        completed_job(kept_bytes=990, visitor=visitor_of(someone))
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "20"}
        whole, announced, by_tus = (
            someone.post("/jobs", {"file": video()}),
            announce(someone, 20),
            someone.post("/uploads/", headers=tus),
        )
        assert code(whole) == code(announced) == code(by_tus) == (429, "disk_share_taken")
        page = someone.post("/", {"file": video()}, headers={"Accept": "text/html"})
        assert (page.status_code, page["Retry-After"]) == (429, "60")
        assert errors.DiskShareTaken.title in page.content.decode()
        assert Job.objects.count() == 1
        assert [path.name for path in settings.MEDIA_ROOT.glob("incoming/*")] == []

    def test_running_again_what_failed_takes_no_more_than_it_has(self):
        job = failed_job(size=100, kept_bytes=100, network=Owner_of(HERE).network)
        assert announce(program(), 1).status_code == 429
        assert program().post(f"/jobs/{job.id}/retry").status_code == 202
        assert announce(program(), 1).status_code == 429

    def test_when_a_job_is_done_its_result_counts_in_place_of_its_source(self, tmp_path):
        job = make_job(size=100, kept_bytes=100, network=Owner_of(HERE).network, with_source=True)
        running = lifecycle.start(job.id, 1, worker="w")
        assert announce(program(), 50).status_code == 429
        outcome = outcome_at(tmp_path / "result")
        lifecycle.complete(running, outcome, lifecycle.publish(running, outcome))
        assert [announce(program(), size).status_code for size in (50, 45, 1)] == [202, 202, 429]

    def test_what_expired_or_was_given_up_counts_no_more(self):
        network = Owner_of(HERE).network
        expired = completed_job(kept_bytes=50, network=network)
        failed = failed_job(kept_bytes=50, network=network)
        assert announce(program(), 1).status_code == 429
        lifecycle.expire(expired)
        lifecycle.forget_failure(failed)
        assert announce(program(), 100).status_code == 202

    def test_a_form_of_a_browser_counts_for_it_and_twice_as_much_for_all_of_its_network(self):
        network = Owner_of(HERE).network
        completed_job(kept_bytes=199, visitor="another", network=network)
        assert announce(browser(), 1).status_code == 202
        assert code(announce(browser(), 2)) == (429, "disk_share_taken")
        assert announce(browser(ELSEWHERE), 100).status_code == 202

    def test_a_user_counts_as_one_wherever(self, admin_client, admin_user):
        completed_job(kept_bytes=90, owner=admin_user)
        assert code(announce(admin_client, 20)) == (429, "disk_share_taken")
        assert announce(program(), 100).status_code == 202

    def test_who_keeps_nothing_may_always_send_one(self):
        assert announce(program(), 5000).status_code == 202

    def test_by_default_it_is_a_quarter_of_the_disk(self, settings, monkeypatch):
        settings.MAX_BYTES_PER_OWNER = 0
        monkeypatch.setattr("jobs.storage.storage.total_bytes", lambda: 1000)
        assert shares.bytes_per_owner() == 250


def test_where_a_job_came_from_is_kept_as_a_hash_and_forgotten_with_its_files():
    job = Job.objects.get(pk=announce(program()).json()["id"])
    assert len(job.network) == 32
    assert HERE not in str(Job.objects.values())
    program().delete(f"/jobs/{job.id}")
    assert Job.objects.get().network == ""


def test_where_a_users_job_came_from_is_not_kept(admin_client):
    announce(admin_client)
    assert Job.objects.get().network == ""


def test_an_announcement_without_a_byte_is_given_up_after_minutes(settings):
    silent_since = timezone.now() - timedelta(seconds=settings.EMPTY_UPLOAD_RETENTION + 1)
    empty, begun = (make_job(State.UPLOADING, size=10, heartbeat_at=silent_since) for _ in range(2))
    write_source(empty, b"")
    write_source(begun, b"123")  # its connection broke before this was noted
    call_command("sweep", "--once")
    empty.refresh_from_db()
    begun.refresh_from_db()
    assert (empty.state, empty.error_code) == (State.FAILED, "upload_abandoned")
    assert (begun.state, begun.received_bytes) == (State.UPLOADING, 3)


def test_a_client_is_told_how_soon_an_announcement_without_a_byte_expires(settings):
    from django.utils.http import parse_http_date

    answer = program().post("/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"})
    seconds = parse_http_date(answer["Upload-Expires"]) - timezone.now().timestamp()
    assert 0 < seconds <= settings.EMPTY_UPLOAD_RETENTION


def test_what_a_question_costs_is_answered_from_an_index():
    """Neither from rows of others nor from one's own that keep nothing any more."""
    for files_deleted_at, count in ((None, 5), (timezone.now(), 200)):
        for _ in range(count):
            make_job(visitor="somebody", network="there", files_deleted_at=files_deleted_at)
    for owner in (Owner(visitor="somebody", network="there"), Owner(network="there")):
        plans = plans_of(lambda owner=owner: shares.check_announcement(owner, 1), "SUM(").values()
        for plan in plans:
            assert re.search("(COVERING INDEX|Index Only Scan using) job_share_of", plan), plan


@pytest.mark.django_db(transaction=True)
def test_what_is_announced_at_the_same_moment_is_counted_too(settings):
    settings.MAX_OPEN_UPLOADS = 3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _announce_alone(), range(16)))
    assert answers.count(202) == 3


def _announce_alone():
    try:
        return announce(program()).status_code
    finally:
        connection.close()
