"""The access log has each answer; what Django says of it besides is for defects."""

import uuid

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def told_by_django(caplog):
    return [record for record in caplog.records if record.name.startswith("django.")]


def test_an_answer_that_was_foreseen_has_no_second_line(redis, client, caplog):
    assert client.get("/readyz").status_code == 503  # there is no worker
    assert Client(enforce_csrf_checks=True).post(f"/watch/{uuid.uuid4()}/delete").status_code == 403
    assert told_by_django(caplog) == []


def test_a_defect_is_told_without_the_key_in_the_address(monkeypatch, caplog):
    monkeypatch.setattr("jobs.pages.views.requested_job", lambda request, job_id: 1 / 0)
    key = uuid.uuid4()
    assert Client(raise_request_exception=False).get(f"/watch/{key}").status_code == 500
    [record] = told_by_django(caplog)
    assert record.exc_info
    assert f"/watch/{str(key)[:8]}…" in record.getMessage()
    assert str(key) not in record.getMessage()
