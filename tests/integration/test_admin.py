"""What operators see and do."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import errors, queue, schedule
from jobs.models import Installation, Job
from jobs.states import State
from jobs.tokens import ApiToken
from tests.builders import completed_job, film_in_pieces, make_job

pytestmark = pytest.mark.django_db
JOBS = "/admin/jobs/job/"


def act(client, action, *jobs):
    data = {"action": action, "_selected_action": [str(job.pk) for job in jobs]}
    return client.post(JOBS, data, follow=True).content.decode()


def test_jobs_are_listed_with_what_an_operator_asks_first(admin_client, admin_user):
    completed_job(owner=admin_user, size=40_000_000)
    make_job(State.RUNNING, progress={"phase": "encode", "fraction": 0.42}, size=7_000_000)
    page = admin_client.get(JOBS).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    told = [
        "holiday.mov",
        "completed",
        "40 MB → 10 bytes",
        "100%",
        "running: encode 42%",
        "7 MB",
        "admin",
        "anonymous",
    ]
    assert [words for words in told if words not in page] == []


def test_a_long_name_does_not_push_the_rest_off_the_screen(admin_client):
    job = make_job(filename="x" * 240 + ".mov")
    assert f">{'x' * 39}…<" in admin_client.get(JOBS).content.decode()
    assert job.filename in admin_client.get(f"{JOBS}{job.id}/change/").content.decode()


@pytest.mark.parametrize("query", ["holiday", "film-1", "admin"])
def test_jobs_are_found_by_name_key_and_owner(admin_client, admin_user, query):
    make_job(owner=admin_user, client_job_id="film-1")
    make_job(filename="other.mov")
    assert "1 job" in admin_client.get(JOBS, {"q": query}).content.decode()


def test_the_tail_of_ffmpegs_stderr_is_readable_here_and_nowhere_else(admin_client, client):
    job = make_job(State.FAILED, error_code="encode_failed", log="Error <opening> input")
    assert "Error &lt;opening&gt; input" in admin_client.get(f"{JOBS}{job.id}/change/").content.decode()
    for address in (f"/jobs/{job.id}", f"/watch/{job.id}"):
        assert b"opening" not in client.get(address).content


def test_nothing_of_a_job_can_be_edited(admin_client):
    job = make_job()
    assert admin_client.post(f"{JOBS}{job.id}/change/", {"state": "completed"}).status_code == 403
    assert admin_client.get(f"{JOBS}add/").status_code == 403
    assert admin_client.post(f"{JOBS}{job.id}/delete/").status_code == 403


def test_selected_jobs_are_canceled(admin_client):
    assert "1 of 2 jobs canceled" in act(admin_client, "cancel", make_job(), completed_job())


def test_selected_failures_are_run_again(admin_client, redis):
    failed = make_job(State.FAILED, with_source=True, error_code="internal_failure")
    assert "1 of 1 jobs queued again" in act(admin_client, "retry", failed)
    assert Job.objects.get().state == State.QUEUED


def test_failures_that_another_try_cannot_help_are_left_alone(admin_client):
    failed = make_job(State.FAILED, with_source=True, error_code="audio_only")
    assert "0 of 1 jobs queued again" in act(admin_client, "retry", failed)
    assert Job.objects.get().state == State.FAILED


def test_why_nothing_was_done_is_told(admin_client, redis):
    hopeless = [make_job(State.FAILED, with_source=True, error_code="audio_only") for _ in range(2)]
    gone = make_job(State.FAILED, error_code="internal_failure", files_deleted_at=timezone.now())
    page = unescape(act(admin_client, "retry", *hopeless, gone, completed_job()))
    assert "0 of 4 jobs queued again. Not the others:" in page
    assert f"2 × This job cannot be run again. It would fail again: {errors.AudioOnly.title}." in page
    assert "Its source is not kept any more." in page
    assert "It is completed." in page


def test_why_one_was_not_held_is_told(admin_client):
    assert "has not ended can be put on hold" in act(admin_client, "hold", completed_job())
    assert "It is in another state" in act(admin_client, "cancel", completed_job())


def test_the_list_tells_why_jobs_failed_and_what_was_asked_for(admin_client):
    make_job(
        State.FAILED, error_code="not_a_video", options={"recipe": "small", "max_height": 720, "container": "mp4"}
    )
    page = unescape(admin_client.get(JOBS).content.decode())
    assert f"failed: {errors.NotAVideo.title}" in page
    assert ">Smallest · largest height 720 pixels<" in page


def test_a_jobs_page_leads_to_its_page_its_result_and_its_pictures(admin_client):
    pictures = {"poster": "poster.jpg", "frames": [{"source": "frame-0-source.jpg", "result": "frame-0-result.jpg"}]}
    result = {"size": 5, "extension": "mp4", "content_type": "video/mp4", "pictures": pictures}
    job = completed_job(result=result)
    page = admin_client.get(f"{JOBS}{job.id}/change/").content.decode()
    for address in (f"/watch/{job.id}", f"/jobs/{job.id}/result"):
        assert f'href="{address}"' in page
    for name in ("poster.jpg", "frame-0-source.jpg", "frame-0-result.jpg"):
        assert f"/jobs/{job.id}/pictures/{name}" in page


def test_what_was_told_beforehand_stands_beside_what_came(admin_client):
    told = {"bytes": [5, 20], "seconds": [100, 200], "from_jobs": 12}
    job = completed_job(predicted=told)
    page = admin_client.get(f"{JOBS}{job.id}/change/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r'<tr><th scope="row">.*?</tr>', page)]
    assert rows == [["5 bytes to 20 bytes", "10 bytes", "yes"], ["2 min to 3 min", "1 s", "no"]]
    assert "From 12 jobs of this server" in page


def act_on_one(client, job, action):
    return client.post(f"{JOBS}{job.id}/act/", {"action": action}, follow=True)


def test_a_jobs_page_offers_what_can_be_done_with_it_and_does_it(admin_client, redis):
    job = make_job()
    page = admin_client.get(f"{JOBS}{job.id}/change/").content.decode()
    assert re.findall(r'name="action" value="(\w+)"', page) == ["put_first", "put_last", "hold", "cancel"]
    done = act_on_one(admin_client, job, "hold")
    assert done.redirect_chain[-1][0] == f"{JOBS}{job.id}/change/"
    assert "1 of 1 jobs on hold" in done.content.decode()
    assert Job.objects.get().held_at


def test_only_known_actions_of_those_who_may_are_done(admin_client, client, django_user_model):
    job = make_job()
    assert act_on_one(admin_client, job, "delete_queryset").status_code == 403
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(*viewer_permissions())
    client.force_login(viewer)
    assert act_on_one(client, job, "cancel").status_code == 403
    assert 'name="action"' not in client.get(f"{JOBS}{job.id}/change/").content.decode()
    assert Job.objects.get().state == State.QUEUED


def test_a_result_is_kept_for_longer(admin_client, settings):
    job = completed_job(expires_at=timezone.now())
    assert "1 of 1 jobs kept for longer" in act(admin_client, "extend_retention", job)
    kept_for = Job.objects.get().expires_at - job.expires_at
    assert kept_for.total_seconds() == settings.RESULT_RETENTION


def test_operators_decide_whose_turn_comes_first(admin_client, redis):
    job = make_job()
    for action, told, turn in [("put_first", "first", 1), ("put_last", "last", -1), ("put_in_order", "in order", 0)]:
        assert f"1 of 2 jobs put {told}" in act(admin_client, action, job, completed_job())
        assert Job.objects.get(pk=job.pk).priority == turn


def test_operators_hold_and_release_jobs(admin_client, redis):
    job = make_job()
    assert "1 of 2 jobs on hold" in act(admin_client, "hold", job, completed_job())
    assert '<td class="field-turn">on hold</td>' in admin_client.get(JOBS).content.decode()
    assert "1 of 1 jobs released" in act(admin_client, "release", job)
    assert Job.objects.get(pk=job.pk).held_at is None


def test_the_pieces_of_a_film_are_shown_by_one_query(admin_client):
    job = film_in_pieces(3)
    facts = {"worker": "mill:4711", "attempt": 2, "losses": 1, "took": 61.0, "bytes": 1_500_000, "vmaf": 94.46}
    job.pieces.filter(number=1).update(state="done", crf=27.5, **facts)
    row = r"<tr>\s*<td>1</td>.*?</tr>"
    page = admin_client.get(f"{JOBS}{job.id}/change/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    cells = re.findall(r"<td>(.*?)</td>", re.search(row, page, re.DOTALL)[0])
    assert cells == ["1", "0:02", "done", "mill:4711", "2, 1 lost", "2 s", "1 min", "1.5 MB", "94.5", "27.5"]
    assert queries(admin_client, job) == queries(admin_client, film_in_pieces(30))


def queries(client, job) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{JOBS}{job.id}/change/")
    return len(asked)


def test_why_a_film_was_not_cut_is_told(admin_client):
    job = make_job(plan={"whole": "it has no index"})
    assert "none: it has no index" in admin_client.get(f"{JOBS}{job.id}/change/").content.decode()


def test_all_work_is_paused_and_let_go_on(admin_client, redis):
    Installation.objects.create()
    paused = admin_client.post(reverse("admin:jobs_pause_all"), follow=True).content.decode()
    assert "All work is paused" in paused
    assert "Let work go on" in paused
    assert not schedule.is_open()
    assert "Pause all work" in admin_client.post(reverse("admin:jobs_resume_all"), follow=True).content.decode()
    assert schedule.is_open()
    assert admin_client.get(reverse("admin:jobs_pause_all")).status_code == 405


def test_who_may_not_change_jobs_may_not_pause_all(client, django_user_model):
    Installation.objects.create()
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(*viewer_permissions())
    client.force_login(viewer)
    assert "Pause all work" not in client.get(JOBS).content.decode()
    assert client.post(reverse("admin:jobs_pause_all")).status_code == 403
    assert schedule.is_open()


def test_an_operator_without_the_right_sees_no_actions(client, django_user_model):
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(*viewer_permissions())
    client.force_login(viewer)
    job = make_job()
    act(client, "cancel", job)
    assert Job.objects.get().state == State.QUEUED


def viewer_permissions():
    return Permission.objects.filter(codename="view_job")


def test_the_queue_pages_are_linked(admin_client, redis):
    queues = reverse("admin:django_rq_dashboard_changelist")
    assert queues in admin_client.get("/admin/").content.decode()
    assert "encode" in admin_client.get(queues).content.decode()


@pytest.mark.parametrize(("permission", "status"), [("view_job", 403), ("admin", 200)])
def test_the_queue_pages_ask_for_their_permission(client, django_user_model, redis, permission, status):
    staff = django_user_model.objects.create_user("staff", is_staff=True)
    staff.user_permissions.add(*Permission.objects.filter(codename=permission))
    client.force_login(staff)
    for name in ("changelist", "django_rq_home_json", "django_rq_jobs", "django_rq_requeue_all"):
        address = queue_page(name)
        assert client.get(address).status_code == status, address


def test_the_queue_pages_carry_no_inline_scripts(admin_client, redis):
    queue.offer(1)
    for name in ("changelist", "django_rq_jobs", "django_rq_failed_jobs", "django_rq_queue_details"):
        page = admin_client.get(queue_page(name)).content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>| on[a-z]+=", page) == []


def queue_page(name):
    if name == "changelist":
        return reverse("admin:django_rq_dashboard_changelist")
    return reverse(f"admin:{name}", args=[] if name.endswith("json") else [0])


def test_a_token_is_shown_once_and_works(admin_client, admin_user, client):
    page = admin_client.post(
        "/admin/jobs/apitoken/add/", {"user": admin_user.pk, "name": "backup script"}, follow=True
    ).content.decode()
    secret = page.partition("<code>")[2].partition("</code>")[0]
    assert secret.startswith("cmp_")
    assert client.get("/jobs", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    again = admin_client.get(f"/admin/jobs/apitoken/{ApiToken.objects.get().pk}/change/").content.decode()
    assert secret not in again
