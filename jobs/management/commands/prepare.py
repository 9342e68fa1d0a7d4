import hashlib
import os
import secrets
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from jobs.installation import ForeignFiles, settle
from jobs.models import Job
from jobs.storage import reserve

LOOPBACK, ANY = ("127.0.0.1", "::1", "localhost"), ("0.0.0.0", "::")  # noqa: S104  compared with, not listened on


class Command(BaseCommand):
    """What must be there before the processes start; a second time it finds that it is, and is quick."""

    help = "Make directories and the secret key, check the settings, migrate, collect static files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patience", type=float, default=0, help="seconds to wait for the port to become free")
        parser.add_argument(
            "--new-files", action="store_true", help="the files in DATA_DIR are those of this database"
        )

    def handle(self, *args: Any, patience: float, new_files: bool, **options: Any) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        _check_port(host, port, patience)
        _make_directories()
        reserve.tend()  # on a disk that others filled it must start, or nobody could delete anything
        _shut_out_others()
        _make_secret_key(settings.DATA_DIR / "secret_key")
        self._check()
        self._migrate()
        _settle(is_new=new_files)
        self._collect_static()
        if options["verbosity"]:
            self.stdout.write(f"Compressor: {_address(host, port)} (data in {settings.DATA_DIR}; Ctrl-C stops it)")

    def _check(self) -> None:
        for message in checks.run_checks(tags=["compressor"]):
            self.stderr.write(f"compressor: {message.msg}. {message.hint}")
            if message.level >= checks.ERROR:
                raise CommandError("It cannot start like this.")

    def _migrate(self) -> None:
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", skip_checks=True, verbosity=0)
        except DatabaseError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database of DATABASE_URL cannot be used: {reason}") from None

    def _collect_static(self) -> None:
        """Only when a file or Django itself changed: it takes some seconds."""
        stamp, state = settings.STATIC_ROOT / ".collected", _state_of_static_files()
        if stamp.exists() and stamp.read_text() == state:
            return
        call_command("collectstatic", skip_checks=True, interactive=False, clear=True, verbosity=0)
        stamp.write_text(state)


def _settle(*, is_new: bool) -> None:
    """Where no job has files, none can be missed."""
    try:
        settle(is_new=is_new or not Job.objects.kept().exists())
    except ForeignFiles:
        raise CommandError(
            f"{settings.MEDIA_ROOT} does not hold the files of this database (DATABASE_URL). Mount the disk with "
            "them, or name their DATA_DIR. If they are gone for good: python manage.py prepare --new-files"
        ) from None


def _check_port(host: str, port: str, patience: float) -> None:
    deadline = time.monotonic() + patience
    while (reason := _why_not_listen(host, port)) and time.monotonic() < deadline:
        time.sleep(0.2)
    if reason:
        raise CommandError(f"Port {port} on {host} cannot be used: {reason}. Choose another, as in PORT=8080 bin/run.")


def _why_not_listen(host: str, port: str) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(port)))
    except OSError as error:
        return error.strerror or str(error)
    except (ValueError, OverflowError):
        return "it is not a number from 0 to 65535"
    return ""


def _address(host: str, port: str) -> str:
    """Where a browser finds it: of this machine, and of others where they are let in."""
    if host in LOOPBACK:
        return f"http://localhost:{port}"
    if host not in ANY:
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    return f"http://localhost:{port}, from other machines http://{_own_address()}:{port}"


def _own_address() -> str:
    """The address by which this machine reaches the network; its name, where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _make_directories() -> None:
    for directory in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR, settings.STATIC_ROOT):
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"DATA_DIR cannot be used: {error.strerror}: {directory}") from None


def _shut_out_others() -> None:
    """What an older version, or another umask, left open to everybody on this machine."""
    for path in [settings.DATA_DIR, *settings.DATA_DIR.iterdir()]:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & 0o077 and path.name != "venv":
            with suppress(PermissionError):  # somebody else's: theirs to say
                path.chmod(stat.S_IMODE(mode) & 0o700)


def _make_secret_key(path: Path) -> None:
    """A key of this installation's own, made once, so that sessions survive a restart.

    It is there whole, or not at all: a disk may be full.
    """
    if path.exists() and path.stat().st_size:
        return
    made = path.with_suffix(".new")
    made.touch(mode=0o600)
    made.write_text(secrets.token_urlsafe(50))
    made.replace(path)


def _state_of_static_files() -> str:
    found = hashlib.sha256(f"{django.VERSION} {settings.BASE_DIR}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            found.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return found.hexdigest()
