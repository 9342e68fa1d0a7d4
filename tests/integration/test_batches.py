"""What was sent together: one document of it, and verbs for all of it."""

import base64
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs import schedule
from jobs.batches import verbs
from jobs.models import Job
from jobs.states import State
from tests.builders import (
    VIDEO,
    completed_job,
    failed_job,
    has_source,
    make_job,
    result_of,
    video,
    visitor_of,
    write_source,
)
from tests.plans import plans_of

pytestmark = pytest.mark.django_db
BATCH = str(uuid.uuid4())
ADDRESS = f"/batches/{BATCH}"


def counts_of(document):
    return {state: count for state, count in document["counts"].items() if count}


def states():
    return sorted(Job.objects.values_list("state", flat=True))


class TestSubmitting:
    def test_a_form_names_its_batch_and_folder(self, client):
        answer = client.post("/jobs", {"file": video(), "batch": BATCH, "folder": "../2026/Summer"})
        assert (answer.json()["batch"], answer.json()["folder"]) == (BATCH, "2026/Summer")
        assert client.get(ADDRESS).json()["counts"]["queued"] == 1

    def test_so_does_an_announcement(self, client):
        body = {"filename": "a.mov", "size": 5, "batch": BATCH, "folder": "Day"}
        answer = client.post("/jobs", body, content_type="application/json")
        assert (answer.json()["batch"], answer.json()["folder"]) == (BATCH, "Day")

    def test_so_does_an_upload_by_tus(self, client):
        said = {"filename": "a.mov", "batch": BATCH, "folder": "Day"}
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": metadata}
        assert client.post("/uploads/", headers=headers).status_code == 201
        assert Job.objects.filter(batch=BATCH, folder="Day").count() == 1

    def test_so_does_the_page_without_javascript(self, client):
        client.get("/")
        client.post("/", {"file": video(), "recipe": "fast", "batch": BATCH})
        assert Job.objects.get().batch == BATCH

    def test_without_one_it_is_null(self, client):
        snapshot = client.post("/jobs", {"file": video()}).json()
        assert (snapshot["batch"], snapshot["folder"]) == (None, None)

    @pytest.mark.parametrize("batch", ["", "a" * 256, "a/b", "../x", ".", "a b", "ä", "-", "a\n"])
    def test_an_id_stands_in_an_address_as_it_is(self, admin_client, batch):
        body = {"filename": "a.mov", "size": 5, "batch": batch}
        answer = admin_client.post("/jobs", body, content_type="application/json")
        assert answer.status_code == (202 if batch == "" else 400)
        assert batch == "" or "batch" in answer.json()["fields"]

    @pytest.mark.parametrize("field", ["batch", "folder"])
    def test_what_is_no_text_is_refused_by_name(self, client, field):
        body = {"filename": "a.mov", "size": 5, field: ["x"]}
        assert field in client.post("/jobs", body, content_type="application/json").json()["fields"]

    def test_who_is_not_signed_in_uses_an_id_that_nobody_guesses(self, client, admin_client):
        client.get("/")
        assert client.post("/jobs", {"file": video(), "batch": "holiday"}).json()["fields"].keys() == {"batch"}
        assert admin_client.post("/jobs", {"file": video(), "batch": "holiday"}).status_code == 202

    @pytest.mark.parametrize("other", [{"batch": str(uuid.uuid4())}, {"folder": "Night"}, {"batch": ""}])
    def test_the_same_key_in_another_batch_or_folder_is_another_request(self, client, other):
        body = {"filename": "a.mov", "size": 5, "client_job_id": str(uuid.uuid4()), "batch": BATCH, "folder": "Day"}
        first = client.post("/jobs", body, content_type="application/json")
        again = client.post("/jobs", body, content_type="application/json")
        assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
        answer = client.post("/jobs", body | other, content_type="application/json")
        assert (answer.status_code, answer.json()["differs"]) == (422, list(other))


class TestStanding:
    def test_it_counts_by_state_and_sums_up(self, client):
        completed_job(size=100, batch=BATCH)  # ten bytes
        make_job(State.RUNNING, size=100, batch=BATCH, progress={"fraction": 0.5, "eta_seconds": 30.0})
        make_job(State.CANCELED, size=10_000, batch=BATCH)
        make_job(State.RUNNING)  # of no batch
        document = client.get(ADDRESS).json()
        assert counts_of(document) == {"completed": 1, "running": 1, "canceled": 1}
        assert (document["jobs"], document["fraction"], document["eta_seconds"]) == (3, 0.75, 30.0)
        assert (document["source_bytes"], document["result_bytes"]) == (100, 10)
        assert (document["saved_bytes"], document["saved_fraction"]) == (90, 0.9)

    def test_it_lives_as_long_as_one_of_its_jobs(self, client):
        job = make_job(batch=BATCH)
        answer = client.get(ADDRESS)
        assert (answer.status_code, answer["Retry-After"], answer.json()["is_final"]) == (202, "5", False)
        Job.objects.filter(pk=job.pk).update(state=State.FAILED)
        answer = client.get(ADDRESS)
        assert (answer.status_code, answer.json()["is_final"], answer.json()["fraction"]) == (200, True, 1.0)

    def test_nothing_new_is_told_in_no_words(self, client):
        make_job(batch=BATCH)
        etag = client.get(ADDRESS)["ETag"]
        assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 304
        Job.objects.update(state=State.RUNNING)
        assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 202

    def test_the_time_left_is_the_way_to_the_last_ones_turn(self, client, monkeypatch):
        monkeypatch.setattr(schedule, "live_workers", lambda: 1)
        ended = timezone.now()
        for _ in range(3):
            completed_job(started_at=ended - timedelta(seconds=60), finished_at=ended)
        for _ in range(4):
            make_job(batch=BATCH)
        make_job(State.RUNNING, batch=BATCH, progress={"fraction": 0.5, "eta_seconds": 20.0})
        assert client.get(ADDRESS).json()["eta_seconds"] == 4 * 60 + 20

    def test_while_nothing_begins_nobody_knows_it(self, client, monkeypatch):
        monkeypatch.setattr(schedule, "live_workers", lambda: 0)
        make_job(batch=BATCH)
        assert client.get(ADDRESS).json()["eta_seconds"] is None

    @pytest.mark.parametrize(
        "unknown", [{"state": State.UPLOADING}, {"held_at": timezone.now()}, {"state": State.RUNNING}]
    )
    def test_where_nobody_knows_the_time_left_it_is_null(self, client, unknown):
        make_job(State.RUNNING, batch=BATCH, progress={"eta_seconds": 20.0})
        make_job(batch=BATCH, **unknown)
        assert client.get(ADDRESS).json()["eta_seconds"] is None

    def test_links_are_null_where_they_are_of_no_use(self, client):
        make_job(State.CANCELED, batch=BATCH, files_deleted_at=timezone.now())
        links = client.get(ADDRESS).json()["links"]
        assert {name for name, link in links.items() if link} == {"self", "watch", "jobs"}
        completed_job(batch=BATCH)
        failed_job(batch=BATCH)
        make_job(batch=BATCH)
        assert all(client.get(ADDRESS).json()["links"].values())

    def test_its_jobs_are_listed_in_pages(self, client):
        ids = {str(make_job(batch=BATCH).id) for _ in range(3)}
        make_job()
        page = client.get("/jobs", {"batch": BATCH, "limit": 2}).json()
        rest = client.get(page["next"]).json()
        assert {job["id"] for job in page["jobs"] + rest["jobs"]} == ids
        assert rest["next"] is None

    def test_a_browser_is_shown_its_page(self, client):
        make_job(batch=BATCH)
        answer = client.get(ADDRESS, headers={"Accept": "text/html"})
        assert (answer.status_code, answer["Location"]) == (303, f"/watch/batches/{BATCH}")

    @pytest.mark.parametrize("path", ["", "/results.zip"])
    def test_a_batch_that_is_not_there_is_not_found(self, client, path):
        assert client.get(f"/batches/{uuid.uuid4()}{path}").status_code == 404
        assert client.get(f"/batches/..{path}").status_code == 404


class TestWhose:
    @pytest.fixture
    def theirs(self):
        make_job(batch=BATCH, owner=get_user_model().objects.create_user("ann"))

    @pytest.fixture
    def ben(self):
        client = Client()
        client.force_login(get_user_model().objects.create_user("ben"))
        return client

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("get", ""),
            ("get", "/results.zip"),
            ("post", "/cancel"),
            ("post", "/retry"),
            ("post", "/clear"),
            ("delete", ""),
        ],
    )
    def test_somebody_elses_batch_does_not_exist(self, theirs, client, ben, method, path):
        for stranger in (client, ben):
            assert getattr(stranger, method)(ADDRESS + path).status_code == 404
        assert states() == ["queued"]

    @pytest.mark.parametrize("path", ["", "/bar"])
    def test_nor_does_its_page(self, theirs, client, ben, path):
        for stranger in (client, ben):
            assert stranger.get(f"/watch/batches/{BATCH}{path}").status_code == 404
            assert stranger.post(f"/watch/batches/{BATCH}/delete").status_code == 404

    def test_a_batch_of_nobody_is_reached_by_whoever_knows_its_id(self, client, ben):
        make_job(batch=BATCH, visitor=str(uuid.uuid4()))
        assert client.get(ADDRESS).status_code == ben.get(ADDRESS).status_code == 202

    def test_two_owners_may_use_the_same_id(self, theirs, ben):
        make_job(batch=BATCH, owner=get_user_model().objects.get(username="ben"))
        assert ben.get(ADDRESS).json()["jobs"] == 1


class TestVerbs:
    def test_what_is_left_is_canceled(self, client):
        done = completed_job(batch=BATCH)
        live = [
            make_job(state, with_source=True, batch=BATCH) for state in (State.UPLOADING, State.QUEUED, State.RUNNING)
        ]
        other = make_job()
        answer = client.post(f"{ADDRESS}/cancel")
        assert (answer.status_code, counts_of(answer.json())) == (200, {"completed": 1, "canceled": 3})
        assert result_of(done).exists()
        assert not any(has_source(job) for job in live)
        assert Job.objects.get(pk=other.pk).state == State.QUEUED

    def test_what_failed_is_tried_again_if_that_can_help(self, client):
        failed_job(batch=BATCH)
        failed_job(batch=BATCH, error_code="not_a_video")
        answer = client.post(f"{ADDRESS}/retry")
        assert (answer.status_code, counts_of(answer.json())) == (202, {"queued": 1, "failed": 1})
        assert answer.json()["links"]["retry"] is None

    def test_where_there_is_no_place_for_all_the_rest_is_told_to_wait(self, client, settings):
        settings.MAX_QUEUED = 4  # of which one owner may have half
        for _ in range(3):
            failed_job(batch=BATCH)
        answer = client.post(f"{ADDRESS}/retry")
        assert (answer.status_code, answer.json()["code"]) == (429, "queue_share_taken")
        assert states() == ["failed", "queued", "queued"]

    def test_what_has_ended_is_cleared_and_the_rest_goes_on(self, client):
        done, failed = completed_job(batch=BATCH), failed_job(batch=BATCH)
        waits = make_job(with_source=True, batch=BATCH)
        answer = client.post(f"{ADDRESS}/clear")
        assert counts_of(answer.json()) == {"expired": 1, "failed": 1, "queued": 1}
        assert answer.json()["links"]["clear"] is None
        assert not result_of(done).exists()
        assert not has_source(failed)
        assert has_source(waits)

    def test_all_of_it_is_deleted(self, client):
        done, waits = completed_job(batch=BATCH), make_job(with_source=True, batch=BATCH)
        assert client.delete(ADDRESS).status_code == 204
        assert states() == ["canceled", "expired"]
        assert not result_of(done).exists()
        assert not has_source(waits)
        assert client.delete(ADDRESS).status_code == 204  # again does no harm
        assert client.get(ADDRESS).json()["saved_bytes"] == len(VIDEO) - 10

    @pytest.mark.parametrize("verb", ["cancel", "clear"])
    def test_one_request_does_so_much_and_the_next_goes_on(self, client, monkeypatch, verb):
        monkeypatch.setattr(verbs, "AT_ONCE", 2)
        for _ in range(5):
            make_job(batch=BATCH) if verb == "cancel" else completed_job(batch=BATCH)
        asked = 0
        while client.get(ADDRESS).json()["links"][verb]:
            client.post(f"{ADDRESS}/{verb}")
            asked += 1
        assert asked == 3

    def test_deleting_says_when_it_is_through(self, client, monkeypatch):
        monkeypatch.setattr(verbs, "AT_ONCE", 2)
        for _ in range(3):
            make_job(batch=BATCH)
        assert [client.delete(ADDRESS).status_code for _ in range(3)] == [202, 204, 204]

    def test_finished_files_count_as_left_too(self, client, monkeypatch):
        monkeypatch.setattr(verbs, "AT_ONCE", 2)
        for _ in range(3):
            completed_job(batch=BATCH)
        assert [client.delete(ADDRESS).status_code for _ in range(2)] == [202, 204]


class TestCost:
    @pytest.fixture
    def filled(self):
        """A batch of every state among many other jobs."""
        jobs = [
            Job(
                batch=batch,
                state=state,
                filename="a",
                size=9,
                options={"recipe": "balanced"},
                queued_at=timezone.now(),
            )
            for batch in (BATCH, "", str(uuid.uuid4()))
            for state in State
            for _ in range(50)
        ]
        Job.objects.bulk_create(jobs)

    @pytest.fixture
    def count(self):
        def counted(ask):
            with CaptureQueriesContext(connection) as asked:
                assert ask().status_code < 300
            return [query["sql"] for query in asked]

        return counted

    def test_a_batch_costs_the_same_however_large_it_is(self, client, filled, count):
        assert len(count(lambda: client.get(ADDRESS))) <= 7

    def test_the_page_costs_a_few_more_whatever_the_number_of_its_batches(self, client, count):
        client.get("/")
        visitor = visitor_of(client)
        for _ in range(3):
            batch = str(uuid.uuid4())
            for _ in range(2):
                make_job(batch=batch, visitor=visitor)
        assert len(count(lambda: client.get("/"))) <= 15
        assert client.get("/").content.decode().count("<batch-bar") == 3

    def test_what_has_ended_is_counted_from_the_index_alone(self, client, filled):
        plan, *_ = plans_of(lambda: client.get(ADDRESS), "GROUP BY").values()
        assert re.search("(COVERING INDEX|Index Only Scan using) job_by_batch", plan), plan
        assert "SCAN" not in plan  # as SQLite says of reading all of an index


def test_a_batch_is_forgotten_with_its_last_job(client):
    job = make_job(batch=BATCH)
    write_source(job)
    job.delete()
    assert client.get(ADDRESS).status_code == 404


class TestBar:
    def bar(self, client, **told):
        return client.get(f"/watch/batches/{BATCH}/bar", told).content.decode()

    def test_it_says_how_far_all_of_it_is(self, client):
        completed_job(batch=BATCH, size=1_000_010)
        make_job(State.RUNNING, batch=BATCH, size=10**6, progress={"fraction": 0.5, "eta_seconds": 1200})
        failed_job(batch=BATCH, size=0)
        page = self.bar(client)
        assert "1 of 3 done" in page
        assert "All done in about 20 min · 1\xa0MB saved so far, 100% · 1 failed" in page

    def test_it_counts_what_the_page_has_yet_to_send(self, client):
        completed_job(batch=BATCH, size=1000)
        page = self.bar(client, unsent="3", bytes="3000")
        assert "1 of 4 done" in page
        assert "<b>25%</b>" in page
        assert "3 still to arrive" in page
        assert "data-final" not in page

    @pytest.mark.parametrize("nonsense", ["-1", "x", "9" * 5000, "²"])
    def test_nonsense_is_not_counted(self, client, nonsense):
        completed_job(batch=BATCH)
        assert "All 1 done" in self.bar(client, unsent=nonsense, bytes=nonsense)

    def test_its_buttons_are_forms(self, client):
        failed_job(batch=BATCH)
        page = self.bar(client)
        assert {verb for verb in verbs.VERBS if f"/watch/batches/{BATCH}/{verb}" in page} == {
            "retry",
            "clear",
            "delete",
        }
        answer = client.post(f"/watch/batches/{BATCH}/delete")
        assert (answer.status_code, answer["Location"]) == (302, f"/watch/batches/{BATCH}")
        assert not Job.objects.kept().exists()
