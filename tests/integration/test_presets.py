"""A choice with a name: kept for a user, used by that name, and resolved when the job is submitted."""

import uuid

import pytest
from django.test import Client

from jobs.encoding import parse_options
from jobs.models import Job, Preset
from jobs.submission import presets
from jobs.tokens import ApiToken
from tests.builders import video

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create_user("ann")


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def save(client, name="phone", **options):
    return client.put(f"/presets/{name}", options, **JSON)


def announce(client, **fields):
    return client.post("/jobs", {"filename": "a.mp4", "size": 100, **fields}, **JSON)


def only(answer) -> Job:
    assert answer.status_code == 202, answer.content
    return Job.objects.get(pk=answer.json()["id"])


# Keeping them.


def test_a_choice_is_kept_listed_changed_and_forgotten(signed_in):
    assert save(signed_in, recipe="small", max_height=720).status_code == 200
    assert save(signed_in, "auntie’s TV", recipe="fast").json()["name"] == "auntie’s TV"
    save(signed_in, recipe="small", max_height=480)
    listed = {each["name"]: each["options"] for each in signed_in.get("/presets").json()["presets"]}
    assert list(listed) == ["auntie’s TV", "phone"]
    assert listed["phone"] == parse_options({"recipe": "small", "max_height": 480}).as_dict()
    assert [signed_in.delete("/presets/phone").status_code for _ in range(2)] == [204, 204]
    assert signed_in.delete("/presets/%00").status_code == 204
    assert [each["name"] for each in signed_in.get("/presets").json()["presets"]] == ["auntie’s TV"]


def test_a_name_may_hold_a_slash(signed_in):
    save(signed_in, "720p%2Fsmall", recipe="fast")
    assert Preset.objects.get().name == "720p/small"
    assert only(announce(signed_in, preset="720p/small")).options["recipe"] == "fast"


def test_each_user_has_names_of_the_own(signed_in, django_user_model):
    save(signed_in, recipe="small")
    other = Client()
    other.force_login(django_user_model.objects.create_user("bob"))
    assert other.get("/presets").json() == {"presets": []}
    save(other, recipe="fast")
    other.delete("/presets/phone")
    assert Preset.objects.get().options["recipe"] == "small"


def test_a_program_with_a_token_has_those_of_its_user(client, signed_in, ann):
    save(signed_in, recipe="small")
    secret = ApiToken.new_secret()
    ApiToken.objects.create(name="t", user=ann, digest=ApiToken.digest_of(secret))
    bearer = {"headers": {"Authorization": f"Bearer {secret}"}}
    answer = Client().post("/jobs", {"filename": "a.mp4", "size": 100, "preset": "phone"}, **JSON, **bearer)
    assert only(answer).options["recipe"] == "small"


def test_who_did_not_sign_in_has_none_and_is_told(client):
    assert client.get("/presets").json() == {"presets": []}
    assert [save(client, recipe="fast").status_code, client.delete("/presets/phone").status_code] == [401, 401]
    answer = announce(client, preset="phone")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["preset"])


def test_what_is_unfit_is_refused_by_name_and_not_kept(signed_in):
    assert save(signed_in, recipe="huge", colour="red").json()["fields"].keys() == {"recipe", "colour"}
    assert save(signed_in, recipe="limit").json()["fields"].keys() == {"limit_bytes"}
    assert save(signed_in, "x" * 61).json()["fields"].keys() == {"name"}
    assert save(signed_in, "%20x").json()["fields"].keys() == {"name"}
    assert signed_in.put("/presets/x", "[]", **JSON).status_code == 400
    assert not Preset.objects.exists()


def test_a_user_keeps_only_so_many_and_may_change_them(signed_in, monkeypatch):
    monkeypatch.setattr(presets, "MOST", 2)
    for name in ("a", "b"):
        save(signed_in, name)
    assert save(signed_in, "c").json()["fields"].keys() == {"name"}
    assert save(signed_in, "b", recipe="fast").status_code == 200


def test_another_site_cannot_change_them(ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert save(client, recipe="fast").status_code == 403


# Using them.


def test_a_preset_is_resolved_into_the_jobs_own_options(signed_in):
    save(signed_in, recipe="small", max_height=720)
    job = only(announce(signed_in, preset="phone"))
    save(signed_in, recipe="fast")
    job.refresh_from_db()
    assert job.options == parse_options({"recipe": "small", "max_height": 720}).as_dict()
    assert signed_in.get(f"/jobs/{job.id}").json()["recipe"]["preset"] == "phone"


def test_what_is_said_beside_it_goes_before_it(signed_in):
    save(signed_in, recipe="small", max_height=720)
    job = only(announce(signed_in, preset="phone", max_height=480, audio="drop"))
    assert (job.options["recipe"], job.options["max_height"], job.options["audio"]) == ("small", 480, "drop")


@pytest.mark.parametrize(
    ("preset", "said", "gone"),
    [
        ({"recipe": "limit", "limit_bytes": 9_000_000}, {"recipe": "fast"}, "limit_bytes"),
        ({"recipe": "small", "quality": 90}, {"recipe": "fast"}, "quality"),
        ({"audio_kbps": 96}, {"audio": "drop"}, "audio_kbps"),
        ({"codec": "av1"}, {"recipe": "limit", "limit_megabytes": "5"}, "codec"),
    ],
)
def test_of_a_preset_stays_what_goes_with_that(signed_in, preset, said, gone):
    save(signed_in, **preset)
    assert gone not in only(announce(signed_in, preset="phone", **said)).options


def test_what_is_said_must_still_go_together(signed_in):
    save(signed_in, recipe="fast")
    answer = announce(signed_in, preset="phone", quality=90)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["quality"])
    assert list(announce(signed_in, preset="phone", recipe="huge").json()["fields"]) == ["recipe"]


@pytest.mark.parametrize("name", ["Phone", "nobody's", "\0", "x" * 70, 5, ["phone"]])
def test_a_preset_that_is_not_there_is_refused_by_name(signed_in, name):
    save(signed_in)
    answer = announce(signed_in, preset=name)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["preset"])
    assert not Job.objects.exists()


def test_a_form_and_tus_take_it_as_well(signed_in):
    save(signed_in, recipe="small")
    whole = signed_in.post("/jobs", {"file": video(), "preset": "phone"})
    upload = signed_in.post(
        "/uploads/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Metadata": "preset cGhvbmU="}
    )
    assert (whole.status_code, upload.status_code) == (202, 201)
    assert [job.options["recipe"] for job in Job.objects.all()] == ["small", "small"]


@pytest.mark.parametrize("change", ["another recipe", "forgotten", "unfit"])
def test_the_same_request_stays_the_same_whatever_became_of_the_preset(signed_in, change):
    save(signed_in, recipe="small", max_height=720)
    said = {"preset": "phone", "quality": 90, "client_job_id": str(uuid.uuid4())}
    first = only(announce(signed_in, **said))
    if change == "forgotten":
        signed_in.delete("/presets/phone")
    else:
        save(signed_in, recipe="small" if change == "another recipe" else "fast", max_height=480)
    again = announce(signed_in, **said)
    assert (again.status_code, again.json()["id"]) == (202, str(first.id))


def test_under_the_same_name_another_preset_is_another_request(signed_in):
    save(signed_in, recipe="small")
    save(signed_in, "laptop", recipe="fast")
    key = str(uuid.uuid4())
    announce(signed_in, preset="phone", client_job_id=key)
    answer = announce(signed_in, preset="laptop", client_job_id=key)
    assert (answer.status_code, answer.json()["differs"]) == (422, ["recipe"])


def test_an_option_that_an_earlier_version_had_is_passed_over(signed_in, ann):
    Preset.objects.create(owner=ann, name="old", options={"recipe": "fast", "sharpness": 3})
    assert only(announce(signed_in, preset="old")).options["recipe"] == "fast"


# The page.


def test_without_javascript_a_saved_choice_is_a_link_that_fills_the_form(signed_in):
    save(signed_in, recipe="limit", limit_bytes=7_500_000, max_height=720)
    assert '<a href="/?preset=phone">phone</a>' in signed_in.get("/").content.decode()
    page = signed_in.get("/?preset=phone").content.decode()
    assert 'value="limit" checked' in page
    assert 'name="limit_megabytes" value="7.5"' in page
    assert '<option value="720" selected>' in page
    assert " data-given" in page


def test_a_form_that_nobody_filled_in_may_be_filled_by_the_browser(client):
    assert " data-given" not in client.get("/?preset=phone").content.decode()


def test_a_form_that_comes_back_with_a_fault_stays_as_it_is(client):
    assert " data-given" in client.post("/", {"file": video(content=b"")}).content.decode()
