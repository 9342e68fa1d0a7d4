"""On a full disk SQLite cannot be opened anew, unless somebody has it open."""

import contextlib
import resource

import pytest
from django.db import OperationalError, connection

from jobs import anchor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def database(tmp_path, monkeypatch):
    """A file that nobody else has open."""
    alone = connection.copy()
    alone.settings_dict = {**alone.settings_dict, "NAME": str(tmp_path / "db.sqlite3")}
    monkeypatch.setattr(anchor, "connection", alone)
    monkeypatch.setattr(anchor, "_held", None)  # another test's sweep may hold one of its own
    with alone.cursor() as cursor:
        cursor.execute("CREATE TABLE job (id)")
    alone.close()
    yield alone
    alone.close()


@pytest.fixture
def held():
    anchor.hold()
    yield
    anchor.release()


@contextlib.contextmanager
def full_disk():
    """No file of this process can grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def count(database):
    with database.cursor() as cursor:
        return cursor.execute("SELECT count(*) FROM job").fetchone()[0]


def test_the_first_to_connect_needs_room(database):
    with full_disk(), pytest.raises(OperationalError):
        count(database)


def test_while_a_connection_is_held_others_read_on_a_full_disk(database, held):
    with full_disk():
        assert count(database) == 0
