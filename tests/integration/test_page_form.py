"""The page's form: what it offers, what it makes of the answers, and that nothing chosen is lost."""

from dataclasses import replace

import pytest

from jobs import encoding, errors
from jobs.encoding import Choice, Option, Whole
from jobs.models import Job
from jobs.templatetags.units import span
from tests.builders import completed_job, failed_job, make_job, video, visitor_of

pytestmark = pytest.mark.django_db


def test_every_field_of_the_table_is_on_the_form(client):
    page = client.get("/").content.decode()
    missing = [name for name in encoding.OPTIONS if f'name="{name}"' not in page]
    assert missing == []


def test_a_video_sent_with_the_form_leads_to_its_own_page(client):
    client.get("/")
    answer = client.post("/", {"file": video(), "recipe": "fast", "max_height": "720", "audio": "drop", "max_fps": ""})
    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/watch/{job.id}")
    assert (job.options["recipe"], job.options["max_height"], job.options["audio"]) == ("fast", 720, "drop")


def test_a_form_that_comes_back_says_what_is_wrong_and_keeps_what_was_chosen(client):
    answer = client.post("/", {"file": video(content=b""), "recipe": "small", "max_height": "720", "audio": "drop"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "The file is empty." in page
    assert 'value="small" checked' in page
    assert '<option value="720" selected>' in page
    assert '<option value="drop" selected>' in page
    assert '<details class="options" open>' in page


@pytest.fixture(params=["before its body is read", "when its row is written"])
def full_queue(request, settings, monkeypatch):
    if request.param == "before its body is read":
        make_job()
        settings.MAX_QUEUED = 1
        return

    def refuse(*_):
        raise errors.QueueFull(retry_after=90)

    monkeypatch.setattr("jobs.pages.views.submit_whole", refuse)


def test_a_form_that_has_to_wait_is_told_how_long_in_words_and_in_the_header(client, full_queue):
    answer = client.post("/", {"file": video(), "recipe": "fast"}, headers={"Accept": "text/html"})
    assert answer.status_code == 429
    assert "Too many jobs are waiting" in answer.content.decode()
    shown = span(int(answer["Retry-After"]))
    assert f"Try again in {shown}." in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "limit"),
    [
        ({"recipe": "limit", "limit_bytes": "25000000", "limit_megabytes": ""}, 25_000_000),
        ({"recipe": "limit", "limit_bytes": "25000000", "limit_megabytes": "7.5"}, 7_500_000),
        ({"recipe": "limit", "limit_megabytes": "2.01"}, 2_010_000),
        ({"recipe": "small", "limit_bytes": "25000000", "limit_megabytes": "8"}, None),
    ],
)
def test_a_limit_is_said_in_megabytes_and_counts_only_with_its_recipe(client, sent, limit):
    client.post("/", {"file": video(), **sent})
    assert Job.objects.get().options.get("limit_bytes") == limit


@pytest.mark.parametrize("megabytes", ["Infinity", "1e99999", "-1"])
def test_megabytes_beyond_all_bounds_are_refused(client, megabytes):
    answer = client.post("/jobs", {"file": video(), "recipe": "limit", "limit_megabytes": megabytes})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["limit_bytes"])


@pytest.mark.parametrize("megabytes", ["2.01", "2.03", "4.1", "8.03"])
def test_the_same_megabytes_are_the_same_bytes_with_and_without_javascript(client, megabytes):
    client.post("/", {"file": video(), "recipe": "limit", "limit_megabytes": megabytes})
    announced = {"filename": "holiday.mov", "size": 9, "recipe": "limit", "limit_megabytes": megabytes}
    client.post("/jobs", announced, content_type="application/json")
    first, second = Job.objects.all()
    assert first.options == second.options


@pytest.mark.parametrize("words", ["ten", "NaN"])
def test_megabytes_that_are_no_number_are_refused_by_name(client, words):
    answer = client.post("/", {"file": video(), "recipe": "limit", "limit_megabytes": words})
    assert answer.status_code == 400
    assert "Use a number, such as 10 or 7.5." in answer.content.decode()


def test_megabytes_without_the_recipe_that_has_a_limit_are_refused_by_name(client):
    answer = client.post("/jobs", {"file": video(), "limit_megabytes": "8"})
    assert list(answer.json()["fields"]) == ["limit_megabytes"]


def test_the_page_lists_what_still_has_files_and_counts_all_that_was_saved(client):
    client.get("/")
    visitor = visitor_of(client)
    completed_job(b"x" * 20, visitor=visitor, filename="done.mov", size=1_000_020)
    make_job("failed", visitor=visitor, filename="gone.mov", files_deleted_at="2020-01-01T00:00Z")
    make_job("queued", filename="somebody-elses.mov")
    page = client.get("/").content.decode()
    assert "done.mov" in page
    assert "<b>1\N{NO-BREAK SPACE}MB</b>" in page
    assert "gone.mov" not in page
    assert "somebody-elses.mov" not in page


@pytest.mark.parametrize("build", [failed_job, completed_job, make_job], ids=["failed", "completed", "live"])
def test_what_its_owner_deletes_is_not_listed_any_longer(client, build):
    client.get("/")
    job = build(visitor=visitor_of(client))
    delete = f"/watch/{job.id}/delete"
    assert f'action="{delete}"' in client.get("/").content.decode()
    assert f'action="{delete}"' not in client.post(delete, follow=True).content.decode()
    assert f"job-{job.id}" not in client.get("/").content.decode()
    assert Job.objects.filter(pk=job.pk).exists()


def test_a_jobs_card_is_shown_to_those_who_may_see_the_job(client, admin_user):
    mine, others = make_job("running"), make_job(owner=admin_user)
    assert f'id="job-{mine.id}"' in client.get(f"/watch/{mine.id}/card").content.decode()
    assert client.get(f"/watch/{others.id}/card").status_code == 404


def test_what_is_added_to_the_tables_appears_on_the_form_by_itself(client, monkeypatch):
    recipe = replace(encoding.RECIPES["balanced"], name="limit", title="To a size")
    monkeypatch.setitem(encoding.RECIPES, "limit", recipe)
    likeness = Option("likeness", "Likeness", "", None, Whole(70, 99))
    wrapping = Option("wrapping", "Wrapping", "", None, Choice({"mp4": "MP4", "mkv": "Matroska"}))
    monkeypatch.setitem(encoding.OPTIONS, "likeness", likeness)
    monkeypatch.setitem(encoding.OPTIONS, "wrapping", wrapping)
    page = client.get("/").content.decode()
    assert "To a size" in page
    assert 'name="limit_bytes" value="25000000"' in page
    assert 'name="limit_megabytes"' in page
    assert ">Likeness</label>" in page
    assert 'min="70" max="99"' in page
    assert '<option value="mkv">Matroska</option>' in page
