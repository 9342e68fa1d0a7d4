"""Which files belong to this database: the same name stands in a row and in a file among them.

Where a disk is not mounted, an empty directory stands in its place. A worker there would take one job after the other
and find each without its source; a server would take in videos that nobody finds again.
"""

import uuid

from django.db import models

from jobs.storage import storage


class Installation(models.Model):
    """One row."""

    name = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paused_at = models.DateTimeField(null=True, blank=True, help_text="Since when operators let nothing begin.")

    def __str__(self) -> str:
        return str(self.name)


class ForeignFiles(Exception):
    """The files that are here are not those of this database."""


def sees_its_files() -> bool:
    """True as well before anything was prepared: then there is nothing to miss."""
    installation = Installation.objects.first()
    return installation is None or storage.name() == str(installation.name)


def settle(*, is_new: bool) -> None:
    """Give database and files their common name, once. Raises ForeignFiles; not where the files are said to be new."""
    if not is_new and not sees_its_files():
        raise ForeignFiles
    installation = Installation.objects.first() or Installation.objects.create()
    if storage.name() != str(installation.name):  # a full disk would not even take the same again
        storage.give_name(str(installation.name))
