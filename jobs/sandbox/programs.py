"""What a program needs in order to start and to run, none of it a secret."""

import os
from pathlib import Path

from jobs.sandbox.landlock import READ, READ_FILE, RUN, WRITE_FILE

# Programs too: the loader is one, and a script asks for others, which may do no more than it may itself.
SYSTEM = (
    "/bin", "/lib", "/lib64", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/local/bin", "/usr/local/lib",
    "/nix/store", "/gnu/store", "/home/linuxbrew/.linuxbrew",
)  # fmt: skip
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
MACHINE = (
    "/etc/ld.so.cache", "/etc/localtime", "/sys/devices/system/cpu", "/sys/devices/system/node",
    "/sys/kernel/mm/transparent_hugepage", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
)  # fmt: skip


def machine() -> list[tuple[Path, int]]:
    """How many processors, how much memory: with what is allowed there."""
    return [
        *((Path(path), READ) for path in MACHINE),
        *((Path(path), READ_FILE | WRITE_FILE) for path in DEVICES),
    ]


def program(binary: str) -> list[tuple[Path, int]]:
    """It, the programs and libraries of the system, and the libraries that came with it (`lib/` beside `bin/`)."""
    own = [Path(binary).resolve()]
    if interpreter := _interpreter(own[0]):
        own.append(interpreter)
    beside = [path.parent.parent / "lib" for path in own if path.parent.name == "bin"]
    return [*((path, RUN) for path in (*own, *map(Path, SYSTEM))), *((folder, READ) for folder in beside)]


def _interpreter(path: Path) -> Path | None:
    """Of a script."""
    try:
        with path.open("rb") as file:
            first = file.readline(256)
    except OSError:
        return None
    return Path(os.fsdecode(first[2:].split()[0])).resolve() if first.startswith(b"#!") and first[2:].split() else None
