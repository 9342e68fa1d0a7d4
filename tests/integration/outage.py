"""A database that is away on command, for tests of what happens then."""

import threading

from django.db import connection


class Outage:
    """The database is looked for where there is none, by every thread, until it is back."""

    def begin(self) -> None:
        self._place = "NAME" if connection.vendor == "sqlite" else "HOST"
        self._kept = connection.settings_dict[self._place]
        connection.close()
        connection.settings_dict[self._place] = "/nowhere/at/all"

    def end(self) -> None:
        connection.settings_dict[self._place] = self._kept

    def end_in(self, seconds: float) -> None:
        threading.Timer(seconds, self.end).start()

    def __enter__(self) -> "Outage":
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
