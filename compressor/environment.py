"""Reading settings from the environment: what is wrong is said in a sentence that names the setting."""

import os
import re
import secrets
import zoneinfo
from datetime import time
from pathlib import Path
from typing import Any

import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError
from marshmallow import ValidationError

from jobs.result_names import check_template

UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]i?)?b?", re.IGNORECASE)

HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?")


class Environment(Env):
    """Collects what is wrong with any setting; `done` raises ImproperlyConfigured with all of it."""

    def __init__(self) -> None:
        super().__init__(eager=False)
        self.add_parser("size", _size)
        self.add_parser("mail", _mail)
        self.add_parser("hours", _hours)

    def done(self) -> None:
        try:
            self.seal()
        except EnvValidationError as error:
            wrong: Any = error.error_messages  # by the name of the setting
            told = [f"{name}: {' '.join(map(str, sentences))}" for name, sentences in wrong.items()]
            raise ImproperlyConfigured("\n".join(told)) from None


def one_of(*words: str) -> Any:
    def check(value: str) -> None:
        if value not in words:
            raise ValidationError(f"must be one of {', '.join(words)}, not {value!r}.")

    return check


def at_least(least: float) -> Any:
    def check(value: float) -> None:
        if value < least:
            raise ValidationError(f"must be at least {least}, not {value}.")

    return check


def local_zone() -> str:
    """This machine's time zone, by /etc/localtime (localtime(5)); UTC where it names none."""
    zone = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    return zone if zone in zoneinfo.available_timezones() else "UTC"


def is_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f"must be a time zone such as Europe/Berlin, not {value!r}.")


def is_template(value: str) -> None:
    try:
        check_template(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def between(least: float, most: float) -> Any:
    def check(value: float) -> None:
        if not least <= value <= most:
            raise ValidationError(f"must be from {least} to {most}, not {value}.")

    return check


def kept_secret(path: Path) -> str:
    """The secret that `manage.py prepare` made for this installation; before, one for this process alone."""
    try:
        return path.read_text()
    except FileNotFoundError:
        return secrets.token_urlsafe(50)


def _size(value: str | int, **_: Any) -> int:
    """Bytes: `20000000`, `20GB`, `1.5 GiB`."""
    match = SIZE.fullmatch(str(value).strip())
    if not match:
        raise ValidationError(f"must be a size such as 500MB, 20GiB or 1000000, not {value!r}.")
    return int(float(match[1]) * UNITS[(match[2] or "").lower()])


def _hours(value: str, **_: Any) -> tuple[time, time] | None:
    """From when to when, in `TIME_ZONE`: `22-07`, `22:30-6:15`. Nothing: always."""
    match = HOURS.fullmatch(value.strip())
    try:
        if match:
            return time(int(match[1]), int(match[2] or 0)), time(int(match[3]), int(match[4] or 0))
    except ValueError:
        match = None
    if value.strip():
        raise ValidationError(f"must be hours such as 22-07 or 22:30-06:15, not {value!r}.")
    return None


def _mail(value: str, **_: Any) -> dict[str, Any]:
    """Django's settings for mail, from `smtp://host` or the like; EMAIL_HOST is None where there is none."""
    settings: dict[str, Any] = dj_email_url.parse(value)
    if "EMAIL_BACKEND" not in settings:
        raise ValidationError("must be such as smtp://host or submission://user:password@host.")
    return {**settings, "EMAIL_TIMEOUT": settings["EMAIL_TIMEOUT"] or 10}
