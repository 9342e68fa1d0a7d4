"""The page's form: what it offers, what it makes of the answers, and that nothing chosen is lost."""

from dataclasses import replace

import pytest

from jobs import encoding
from jobs.models import Job
from jobs.submission.parse import limit_in_bytes
from tests.builders import completed_job, failed_job, make_job, video

pytestmark = pytest.mark.django_db


def test_every_field_of_the_table_is_on_the_form(client):
    page = client.get("/").content.decode()
    missing = [name for name in encoding.fields_schema() if f'name="{name}"' not in page]
    assert missing == []


def test_a_video_sent_with_the_form_leads_to_its_own_page(client):
    client.get("/")
    answer = client.post("/", {"file": video(), "recipe": "fast", "max_height": "720", "audio": "drop", "max_fps": ""})
    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/watch/{job.id}")
    assert (job.recipe["name"], job.recipe["max_height"], job.recipe["audio"]) == ("fast", 720, "drop")


def test_a_form_that_comes_back_says_what_is_wrong_and_keeps_what_was_chosen(client):
    answer = client.post("/", {"file": video(content=b""), "recipe": "small", "max_height": "720", "audio": "drop"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "The file is empty." in page
    assert 'value="small" checked' in page
    assert '<option value="720" selected>' in page
    assert '<option value="drop" selected>' in page
    assert '<details class="options" open>' in page


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        ({"recipe": "limit", "limit_bytes": "25000000", "limit_megabytes": ""}, {"limit_bytes": "25000000"}),
        ({"recipe": "limit", "limit_bytes": "25000000", "limit_megabytes": "7.5"}, {"limit_bytes": "7500000"}),
        ({"recipe": "limit", "limit_megabytes": "8"}, {"limit_bytes": "8000000"}),
        ({"recipe": "small", "limit_bytes": "25000000", "limit_megabytes": "8"}, {}),
    ],
)
def test_a_limit_is_said_in_megabytes_and_counts_only_with_its_recipe(sent, understood):
    assert limit_in_bytes(dict(sent)) == {"recipe": sent["recipe"], **understood}


@pytest.mark.parametrize("words", ["ten", "NaN", "Infinity", "1e99999"])
def test_megabytes_that_are_no_number_are_refused_by_name(client, words):
    answer = client.post("/", {"file": video(), "recipe": "limit", "limit_megabytes": words})
    assert answer.status_code == 400
    assert "Use a number, such as 10 or 7.5." in answer.content.decode()


def test_a_program_has_no_megabytes(client):
    answer = client.post("/jobs", {"file": video(), "limit_megabytes": "8"})
    assert list(answer.json()["fields"]) == ["limit_megabytes"]


def test_the_page_lists_what_still_has_files_and_counts_all_that_was_saved(client):
    client.get("/")
    visitor = client.session["visitor"]
    completed_job(b"x" * 20, visitor=visitor, filename="done.mov", size=1_000_020)
    make_job("failed", visitor=visitor, filename="gone.mov", expires_at="2020-01-01T00:00Z")
    make_job("queued", filename="somebody-elses.mov")
    page = client.get("/").content.decode()
    assert "done.mov" in page
    assert "<b>1\N{NO-BREAK SPACE}MB</b>" in page
    assert "gone.mov" not in page
    assert "somebody-elses.mov" not in page


@pytest.mark.parametrize("build", [failed_job, completed_job, make_job], ids=["failed", "completed", "live"])
def test_what_its_owner_deletes_is_not_listed_any_longer(client, build):
    client.get("/")
    job = build(visitor=client.session["visitor"])
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
    number = {"type": "integer", "minimum": 70, "maximum": 99, "title": "Likeness"}
    monkeypatch.setitem(encoding.RECIPES, "limit", recipe)
    monkeypatch.setitem(encoding.fields_schema(), "limit_bytes", {"type": "integer", "minimum": 1, "maximum": 10**12})
    monkeypatch.setitem(encoding.fields_schema(), "likeness", number)
    monkeypatch.setitem(encoding.fields_schema(), "wrapping", {"type": "string", "enum": ["mp4", "mkv"]})
    page = client.get("/").content.decode()
    assert "To a size" in page
    assert 'name="limit_bytes" value="25000000"' in page
    assert 'name="limit_megabytes"' in page
    assert ">Likeness</label>" in page
    assert 'min="70" max="99"' in page
    assert '<option value="mkv">Matroska</option>' in page
