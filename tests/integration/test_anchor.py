"""On a full disk SQLite cannot be opened anew, unless somebody has it open."""

import contextlib
import resource

import pytest
from django.db import OperationalError, connection

from jobs import anchor
from jobs.models import Job

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="this is about SQLite's files"),
]


@contextlib.contextmanager
def full_disk():
    """No file of this process can grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    connection.close()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        connection.close()


@pytest.fixture
def held():
    anchor.hold()
    yield
    anchor.release()


def test_the_first_to_connect_needs_room():
    with full_disk(), pytest.raises(OperationalError):
        Job.objects.count()


def test_while_a_connection_is_held_others_read_on_a_full_disk(held):
    with full_disk():
        assert Job.objects.count() == 0
