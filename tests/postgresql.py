"""A real PostgreSQL for one test run: Debian's programs, a cluster in a temporary directory, a socket there."""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

USER = "postgres"  # whom Debian's package makes; PostgreSQL refuses to run as root
FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "autovacuum=off")


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name)


def _why_not() -> str | None:
    if _program("initdb") is None:
        return "PostgreSQL is not installed"
    if os.getuid() == 0 and USER not in {user.pw_name for user in pwd.getpwall()}:
        return f"PostgreSQL does not run as root, and there is no user {USER}"
    return None


WHY_NOT = _why_not()


def start() -> str:
    """The address of a server that ends with this process."""
    directory = Path(tempfile.mkdtemp(prefix="compressor-postgresql-"))
    account = {"user": USER, "group": USER, "extra_groups": []} if os.getuid() == 0 else {}
    if account:
        shutil.chown(directory, USER, USER)
    cluster = str(directory / "cluster")
    initdb = [_program("initdb"), "-D", cluster, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, check=True, cwd=directory, stdout=subprocess.DEVNULL, **account)
    command = [_program("postgres"), "-D", cluster, "-k", str(directory), "-c", "listen_addresses=", *FAST]
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log, **account)
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    atexit.register(server.wait)
    atexit.register(server.send_signal, signal.SIGINT)  # SIGTERM would wait for connections, of which we hold one
    _wait_until_ready(server, directory)
    return f"postgresql://{USER}@{quote(str(directory), safe='')}/{USER}"


def _wait_until_ready(server: subprocess.Popen, directory: Path) -> None:
    asked = [_program("pg_isready"), "--quiet", "-h", str(directory)]
    while subprocess.run(asked, check=False).returncode:
        assert server.poll() is None, (directory / "log").read_text()
        time.sleep(0.1)
