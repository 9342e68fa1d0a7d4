"""A source stays as long as its result, so that another recipe needs no upload; it goes first when room is needed."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jobs import lifecycle
from jobs.encoding import parse_options
from jobs.models import Job
from jobs.states import State
from jobs.storage import storage
from jobs.submission import submit as submission
from jobs.sweep import sweep
from tests.builders import (
    VIDEO,
    completed_job,
    failed_job,
    has_source,
    home_of,
    make_job,
    outcome_at,
    result_of,
    visitor_of,
    write_source,
)
from tests.plans import plans_of

pytestmark = pytest.mark.django_db
SHA256 = "0" * 64


def kept(**fields) -> Job:
    """A completed job whose source is kept."""
    until = timezone.now() + timedelta(hours=1)
    defaults = {"source_expires_at": until, "sha256": SHA256, "kept_bytes": len(VIDEO) + 10, "revision": 7}
    job = completed_job(**{**defaults, **fields})
    write_source(job)
    return job


def ask(client, job_id, **fields):
    return client.post("/jobs", {"source_of": str(job_id), **fields}, content_type="application/json")


def completed(tmp_path, **fields) -> Job:
    """By a worker's own verbs."""
    job = make_job(State.RUNNING, with_source=True, sha256=SHA256, **fields)
    (home_of(job) / "scratch").mkdir()
    outcome = outcome_at(home_of(job) / "scratch" / "out")
    return lifecycle.complete(job, outcome, lifecycle.publish(job, outcome))


# What is kept, and for how long.


def test_a_completed_job_keeps_its_source_as_long_as_its_result(tmp_path):
    job = completed(tmp_path)
    assert has_source(job)
    assert job.source_expires_at == job.expires_at
    assert job.kept_bytes == len(VIDEO) + len(b"small")


def test_the_source_may_go_before_its_result_and_never_stays_longer(tmp_path, settings):
    settings.SOURCE_RETENTION = 60
    job = completed(tmp_path)
    assert (job.source_expires_at - job.finished_at).total_seconds() == 60
    settings.SOURCE_RETENTION = 10 * settings.RESULT_RETENTION
    job = completed(tmp_path)
    assert job.source_expires_at == job.expires_at


def test_nothing_is_kept_where_operators_want_it_so(tmp_path, settings):
    settings.SOURCE_RETENTION = 0
    job = Job.objects.get(pk=completed(tmp_path).pk)
    assert not has_source(job)
    assert (job.source_expires_at, job.kept_bytes) == (None, len(b"small"))


def test_the_sweep_deletes_a_source_that_is_due_and_leaves_the_result():
    job = kept(source_expires_at=timezone.now() - timedelta(seconds=1))
    assert sweep()["sources"] == 1
    after = Job.objects.get(pk=job.pk)
    assert (after.state, after.source_expires_at, after.kept_bytes) == (State.COMPLETED, None, 10)
    assert after.revision > job.revision
    assert not has_source(job)
    assert result_of(job).exists()


def test_what_expires_keeps_no_source():
    job = kept(expires_at=timezone.now() - timedelta(seconds=1))
    sweep()
    job.refresh_from_db()
    assert (job.state, job.source_expires_at, home_of(job).exists()) == (State.EXPIRED, None, False)


def test_operators_who_keep_a_result_for_longer_keep_its_source_as_well():
    job = kept()
    lifecycle.extend_retention(job, timedelta(hours=2))
    assert Job.objects.get(pk=job.pk).source_expires_at == job.source_expires_at + timedelta(hours=2)


# Another recipe.


def test_another_recipe_needs_no_upload(client):
    job = kept()
    answer = ask(client, job.id, recipe="fast")
    another = Job.objects.get(pk=answer.json()["id"])
    assert answer.status_code == 202
    assert (another.state, another.options["recipe"]) == (State.QUEUED, "fast")
    assert (another.filename, another.size, another.sha256) == (job.filename, job.size, job.sha256)
    assert answer.json()["source_of"] == str(job.id)


def test_the_bytes_are_on_the_disk_once_and_stay_until_both_jobs_are_gone(client):
    first = kept()
    second = Job.objects.get(pk=ask(client, first.id).json()["id"])
    assert (home_of(first) / "source").samefile(home_of(second) / "source")
    client.delete(f"/jobs/{first.id}")
    assert (home_of(second) / "source").read_bytes() == VIDEO
    client.delete(f"/jobs/{second.id}")
    assert not home_of(second).exists()


def test_a_third_recipe_may_name_the_second_job(client):
    second = ask(client, kept().id).json()["id"]
    assert ask(client, second, recipe="small").status_code == 202


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_the_first_job_need_not_have_ended(client, state):
    assert ask(client, make_job(state, with_source=True, sha256=SHA256).id).status_code == 202


def test_a_job_that_failed_can_be_tried_with_another_recipe(client):
    job = failed_job(error_code="encode_failed", sha256=SHA256)
    assert client.get(f"/jobs/{job.id}").json()["job"]["links"]["another"] == "/jobs"
    assert ask(client, job.id, recipe="fast").status_code == 202


def test_the_same_request_again_is_the_same_job_though_the_source_is_gone(client):
    key, job = str(uuid.uuid4()), kept()
    first = ask(client, job.id, client_job_id=key)
    lifecycle.delete(job)
    Job.objects.filter(pk=job.pk).delete()
    again = ask(client, job.id, client_job_id=key)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert again["Idempotency-Replayed"] == "true"


def test_under_the_same_name_another_source_or_an_upload_is_another_request(client):
    key = str(uuid.uuid4())
    ask(client, kept().id, client_job_id=key)
    other = ask(client, kept().id, client_job_id=key)
    assert (other.status_code, other.json()["differs"]) == (422, ["source_of"])
    upload = {"filename": "holiday.mov", "size": len(VIDEO), "client_job_id": key}
    answer = client.post("/jobs", upload, content_type="application/json")
    assert (answer.status_code, answer.json()["differs"]) == (422, ["source_of"])


def test_what_was_asked_of_the_video_stays_with_another_recipe(client):
    client.get("/")
    options = {
        "start": "0:10",
        "end": "20.5",
        "metadata": "strip",
        "codec": "av1",
        "quality": "80",
        "max_height": "720",
    }
    job = kept(visitor=visitor_of(client), options=parse_options(options).as_dict())
    page = client.get(f"/watch/{job.id}").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page.split("<another-recipe>")[1]))
    names = ("start", "end", "metadata", "max_height")
    assert {name: hidden.pop(name) for name in names} == dict(
        zip(names, ("10.0", "20.5", "strip", "720"), strict=True)
    )
    assert not {"codec", "quality"} & hidden.keys()  # the recipe's own
    assert "As before: largest height 720 pixels · date, place and camera remove all · begin at 0:10" in page


# Refusals.


def files(settings) -> set[Path]:
    return set((settings.MEDIA_ROOT / "jobs").iterdir())


def refused(answer) -> str:
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_request"
    return answer.json()["fields"]["source_of"]


def test_a_job_of_somebody_else_is_told_apart_from_none_by_nobody(client, admin_client, django_user_model):
    hers = kept(owner=django_user_model.objects.create_user("ann"))
    answers = {refused(ask(asker, job_id)) for asker in (client, admin_client) for job_id in (hers.id, uuid.uuid4())}
    assert answers == {"None of your jobs has this id."}


@pytest.mark.parametrize("value", ["film.mp4", "", 5, None, ["x"]])
def test_what_is_no_id_is_refused_by_name(client, value):
    answer = client.post("/jobs", {"source_of": value}, content_type="application/json")
    assert refused(answer) == "Use the id of a job."


def test_what_goes_with_an_upload_does_not_go_with_a_source(client):
    answer = ask(client, kept().id, filename="x.mp4", size=5)
    assert answer.json()["fields"] == dict.fromkeys(["filename", "size"], "There is no such field.")


@pytest.mark.parametrize(
    "make",
    [
        lambda: completed_job(sha256=SHA256),
        lambda: make_job(State.UPLOADING, with_source=True),
        lambda: make_job(State.CANCELED, sha256=SHA256, files_deleted_at=timezone.now()),
        lambda: make_job(State.FAILED, with_source=True, error_code="upload_abandoned"),
    ],
)
def test_a_source_that_is_not_here_whole_is_refused(client, make):
    job = make()
    assert "not here" in refused(ask(client, job.id))
    assert Job.objects.get() == job


def test_a_source_that_goes_in_this_moment_is_refused_and_leaves_nothing(client, settings):
    job = kept()
    storage.delete_source(job.id)
    before = files(settings)
    assert "not here" in refused(ask(client, job.id))
    assert files(settings) == before


def test_a_place_in_the_queue_is_asked_for_as_always(client, settings):
    job = kept()
    settings.MAX_QUEUED = 0
    before = files(settings)
    assert ask(client, job.id).json()["code"] == "queue_full"
    assert files(settings) == before


def test_a_crash_before_the_row_is_written_leaves_only_what_the_sweep_deletes(client, monkeypatch, settings):
    job = kept()
    monkeypatch.setattr(submission.lifecycle, "accept", lambda job: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        ask(client, job.id)
    monkeypatch.setattr("jobs.sweep.CUT_OFF", -1)
    sweep()
    assert files(settings) == {home_of(job)}
    assert has_source(job)


# Room.


def test_a_new_video_is_not_refused_for_sources_that_are_only_kept(client, settings):
    settings.MAX_BYTES_PER_OWNER = 1000
    client.get("/")
    mine = {"visitor": visitor_of(client)}
    old, new = kept(size=400, kept_bytes=410, **mine), kept(size=400, kept_bytes=410, **mine)
    Job.objects.filter(pk=old.pk).update(source_expires_at=timezone.now() + timedelta(minutes=1))
    answer = client.post("/jobs", {"filename": "a.mp4", "size": 500}, content_type="application/json")
    assert answer.status_code == 202
    assert (has_source(old), has_source(new)) == (False, True)
    assert result_of(old).exists()


def test_nothing_goes_for_a_video_that_has_no_share_anyway(client, settings):
    settings.MAX_BYTES_PER_OWNER = 1000
    client.get("/")
    job = kept(size=400, kept_bytes=410, visitor=visitor_of(client))
    answer = client.post("/jobs", {"filename": "a.mp4", "size": 5000}, content_type="application/json")
    assert answer.json()["code"] == "disk_share_taken"
    assert has_source(job)


def test_a_source_of_somebody_else_does_not_go_for_my_share(client, settings):
    settings.MAX_BYTES_PER_OWNER = 1000
    client.get("/")
    completed_job(kept_bytes=900, visitor=visitor_of(client))
    job = kept(size=400, kept_bytes=410, visitor="another")
    client.post("/jobs", {"filename": "a.mp4", "size": 500}, content_type="application/json")
    assert has_source(job)


@pytest.fixture
def disk(monkeypatch, settings):
    """As many bytes are free as were, and those of each source that was deleted."""
    settings.MIN_FREE_BYTES = 100
    free = {"bytes": 1000}
    delete = storage.delete_source

    def deleted(job_id):
        free["bytes"] += Job.objects.get(pk=job_id).size
        delete(job_id)

    monkeypatch.setattr(storage, "free_bytes", lambda: free["bytes"])
    monkeypatch.setattr(storage, "has_room", lambda: free["bytes"] >= settings.MIN_FREE_BYTES)
    monkeypatch.setattr(storage, "delete_source", deleted)
    return free


def test_kept_sources_go_when_the_disk_has_no_room_for_a_newcomer(client, disk):
    job = kept(size=500)
    disk["bytes"] = 700
    answer = client.post("/jobs", {"filename": "a.mp4", "size": 400}, content_type="application/json")
    assert (answer.status_code, has_source(job)) == (202, False)


def test_they_stay_where_all_of_them_would_not_do(client, disk):
    job = kept(size=500)
    answer = client.post("/jobs", {"filename": "a.mp4", "size": 4000}, content_type="application/json")
    assert (answer.status_code, has_source(job)) == (503, True)


def test_the_sweep_gives_them_up_while_work_stands_still_and_no_more_than_needed(disk):
    until = timezone.now()
    jobs = [kept(size=30, source_expires_at=until + timedelta(minutes=minutes)) for minutes in (3, 1, 2)]
    disk["bytes"] = 50
    assert sweep()["sources"] == 2
    assert [has_source(job) for job in jobs] == [True, False, False]
    assert sweep()["sources"] == 0


def test_an_original_that_was_handed_back_makes_no_room_and_stays(disk):
    job = kept(size=30, outcome="already_small")
    disk["bytes"] = 50
    assert sweep()["sources"] == 0
    assert has_source(job)


def test_how_much_is_kept_is_told_to_monitoring(client):
    kept(size=1234)
    kept(size=5, outcome="already_small")
    assert "compressor_kept_source_bytes 1234\n" in client.get("/metrics").content.decode()


def test_finding_a_source_to_give_up_asks_an_index():
    for _ in range(3):
        kept()
    (plan,) = plans_of(lambda: list(Job.objects.kept_sources()[:1])).values()
    assert "kept_source_by_expiry" in plan


# Deleting it by itself.


def test_a_source_can_be_deleted_by_itself_and_twice_does_no_harm(client):
    job = kept()
    link = client.get(f"/jobs/{job.id}").json()["links"]["delete_source"]
    assert [client.delete(link).status_code for _ in range(2)] == [204, 204]
    after = client.get(f"/jobs/{job.id}").json()
    assert (after["state"], after["source_expires_at"]) == ("completed", None)
    assert (after["links"]["delete_source"], after["links"]["another"]) == (None, None)
    assert client.get(f"/jobs/{job.id}/result").status_code == 200


def test_a_source_that_a_job_needs_is_not_deleted(client):
    job = make_job(with_source=True)
    answer = client.delete(f"/jobs/{job.id}/source")
    assert (answer.status_code, answer.json()["code"]) == (409, "source_in_use")
    assert has_source(job)


def test_of_an_original_that_was_handed_back_only_all_can_be_deleted(client):
    links = client.get(f"/jobs/{kept(outcome='already_small').id}").json()["links"]
    assert (links["delete_source"], links["another"]) == (None, "/jobs")


def test_somebody_else_cannot_delete_it(client, django_user_model):
    job = kept(owner=django_user_model.objects.create_user("ann"))
    assert client.delete(f"/jobs/{job.id}/source").status_code == 404
    assert has_source(job)


# The card.


def card(client, job) -> str:
    return client.get(f"/watch/{job.id}/card").content.decode()


def test_the_card_of_a_finished_job_offers_another_recipe_and_says_until_when(client):
    job = kept()
    words = " ".join(re.sub(r"<[^>]*>", " ", card(client, job)).split())
    assert "Try another recipe for holiday.mov" in words
    assert "The video that you sent (52 bytes) is kept until" in words.replace("\N{NO-BREAK SPACE}", " ")
    assert "Delete what I sent, keep the result" in words


def test_its_form_works_without_javascript_and_twice_is_once(client):
    job = kept()
    field = re.search(r'name="client_job_id" value="([^"]+)"', card(client, job))
    form = {"client_job_id": field[1], "recipe": "fast", "quality": "90", "limit_megabytes": "5"}
    answers = [client.post(f"/watch/{job.id}/another", form) for _ in range(2)]
    another = Job.objects.exclude(pk=job.pk).get()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/watch/{another.id}")] * 2
    assert another.options == parse_options({"recipe": "fast"}).as_dict()


def test_its_numbers_count_for_the_recipes_that_they_go_with(client):
    job = kept()
    client.post(f"/watch/{job.id}/another", {"recipe": "small", "quality": "88", "limit_megabytes": "5"})
    client.post(f"/watch/{job.id}/another", {"recipe": "limit", "quality": "88", "limit_megabytes": "5"})
    small, limit = Job.objects.exclude(pk=job.pk).order_by("created_at")
    assert (small.options["quality"], small.options.get("limit_bytes")) == (88, None)
    assert (limit.options.get("quality"), limit.options["limit_bytes"]) == (None, 5_000_000)


def test_its_button_deletes_the_source_alone(client):
    job = kept()
    assert client.post(f"/watch/{job.id}/delete-source").status_code == 302
    assert (has_source(job), result_of(job).exists()) == (False, True)
    assert "another recipe" not in card(client, job)


def test_no_other_recipe_is_offered_for_what_no_recipe_can_mend(client):
    assert "Try another recipe" in card(client, failed_job(error_code="encode_failed", sha256=SHA256))
    assert "Try another recipe" not in card(client, failed_job(error_code="not_a_video", sha256=SHA256))


def test_the_page_of_the_api_tells_of_it_beside_what_an_upload_needs(client):
    page = client.get("/docs").content.decode()
    row = page[page.index("<td><code>source_of</code>") :]
    assert "<td><code>filename</code>" in page
    assert "application/json" in row[: row.index("</tr>")]
