"""A worker whose disk is not mounted takes no jobs and says so, instead of failing them one after the other."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from jobs import encoding, installation, tasks, worker
from jobs.installation import Installation
from jobs.states import State
from jobs.storage import storage
from jobs.storage.layout import marker
from tests.builders import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def installed():
    """Database and files know each other."""
    installation.settle(is_new=True)
    yield
    marker().unlink(missing_ok=True)


@pytest.fixture
def unmounted(installed):
    """An empty directory stands where the files were."""
    marker().unlink()


def test_files_and_database_know_each_other_once_they_were_prepared(installed):
    assert installation.sees_its_files()
    assert storage.name() == str(Installation.objects.get())


def test_a_job_is_left_for_a_worker_that_sees_it(unmounted):
    job = make_job(with_source=True)
    tasks.take_turn()
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.QUEUED, 1)


def test_a_job_whose_files_go_away_while_it_runs_is_handed_back(installed, monkeypatch):
    def inspect(source, tick, nice, part=None):
        marker().unlink()
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(encoding, "inspect", inspect)
    job = make_job(with_source=True)
    tasks.take_turn()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.losses) == (State.QUEUED, 2, 0)


def test_a_source_that_alone_is_missing_is_a_failure_of_ours_and_may_be_tried_again(installed):
    job = make_job()
    tasks.take_turn()
    job.refresh_from_db()
    assert (job.error_code, job.problem.retryable) == ("internal_failure", True)


def test_readiness_metrics_and_the_admin_say_that_workers_are_blind(redis, unmounted, client):
    assert "does not hold the files" in worker._why_not()
    assert client.get("/readyz").json()["workers"] == "blind"
    assert "compressor_blind_workers 1" in client.get("/metrics").content.decode()
    client.force_login(User.objects.create_superuser("operator"))
    assert "1 of the workers do not see" in client.get("/admin/jobs/job/").content.decode()


def test_it_does_not_start_on_the_files_of_another_database(unmounted):
    make_job()
    with pytest.raises(CommandError, match="does not hold the files"):
        call_command("prepare", verbosity=0)
    call_command("prepare", new_files=True, verbosity=0)
    assert installation.sees_its_files()


def test_where_no_job_has_files_none_are_missed(unmounted):
    call_command("prepare", verbosity=0)
    assert installation.sees_its_files()
