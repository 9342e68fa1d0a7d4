"""One child's confinement: limits first, then privileges, files, and calls to the kernel."""

import ctypes
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobs.sandbox import landlock, priority, programs, seccomp

PR_SET_NO_NEW_PRIVS = 38  # prctl(2)
CAPABILITIES_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
# Of the superuser's powers, only that the mode of a file does not stop it (CAP_DAC_OVERRIDE); Landlock does.
KEPT_CAPABILITIES = 1 << 1
OPEN_FILES = 1024
THREADS = 16_384  # of all processes of its user together, so that no child uses up the machine's

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Limits:
    """Bytes of the largest file that it may write, bytes of memory that it may ask for, seconds on a processor.

    `nice` is how far it gives way to others.
    """

    file_bytes: int = 0
    address_space: int | None = None
    cpu_seconds: int | None = None
    nice: int = 0

    def apply(self) -> None:
        """In the child; together with a session of its own (`start_new_session`). It dies with its parent."""
        _libc.prctl(seccomp.PR_SET_PDEATHSIG, signal.SIGKILL)
        priority.give_way(self.nice)
        wanted = {
            resource.RLIMIT_FSIZE: self.file_bytes,
            resource.RLIMIT_AS: self.address_space,
            resource.RLIMIT_CPU: self.cpu_seconds,
            resource.RLIMIT_NOFILE: OPEN_FILES,
            resource.RLIMIT_NPROC: THREADS,
            resource.RLIMIT_CORE: 0,
        }
        for kind, most in wanted.items():
            hard = resource.getrlimit(kind)[1]
            if most is not None:
                least = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(kind, (least, least))


@contextmanager
def confined_program(
    binary: str, reads: tuple[Path, ...], writes: tuple[Path, ...], limits: Limits
) -> Iterator[Callable[[], None]]:
    """For `preexec_fn`: `binary` may read the files `reads` and work in the directories `writes`.

    All that can be done before the fork is done here, so that the child only makes a few calls.
    """
    confine = _prepared([*programs.machine(), *programs.program(binary), *_given(reads, writes)])

    def apply() -> None:
        limits.apply()
        confine.apply()

    try:
        yield apply
    finally:
        confine.close()


def confine_self(*reads: Path) -> None:
    """This process, which has started and imported all that it needs. Before it has any other thread."""
    confine = _prepared([*programs.machine(), *_given(reads, ())])
    confine.apply()
    confine.close()


def lacking() -> list[str]:
    """What this kernel does not offer, in words; empty where a child is fully confined."""
    version = landlock.version()
    words = {
        "Landlock (Linux 5.13 or newer, and `landlock` among the kernel's `lsm=`): ffmpeg may read and write whatever "
        "the server's user may": version == 0,
        "Landlock's control of truncation (Linux 6.2 or newer)": 0 < version < landlock.TRUNCATE_SINCE,
        "seccomp filters for this kind of processor: ffmpeg may open connections": not seccomp.is_available(),
    }
    return [text for text, applies in words.items() if applies]


@dataclass(frozen=True)
class _Prepared:
    ruleset: int | None
    program: bytearray | None

    def apply(self) -> None:
        if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _drop_capabilities()
        if self.ruleset is not None:
            landlock.restrict(self.ruleset)
        if self.program is not None:
            seccomp.install(self.program)

    def close(self) -> None:
        if self.ruleset is not None:
            os.close(self.ruleset)


def _prepared(rules: list[tuple[Path, int]]) -> _Prepared:
    ruleset = landlock.ruleset(rules) if landlock.version() else None
    return _Prepared(ruleset, seccomp.compiled() if seccomp.is_available() else None)


def _given(reads: tuple[Path, ...], writes: tuple[Path, ...]) -> list[tuple[Path, int]]:
    return [*((path, landlock.READ) for path in reads), *((path, landlock.WORK) for path in writes)]


def _drop_capabilities() -> None:
    """A child of the superuser keeps one. Others have none to lose; whoever may not drop them keeps what is no use to
    it under the filter."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice, for the upper half
    if _libc.capget(header, sets) == 0 and any(sets):
        kept = [granted & (KEPT_CAPABILITIES if number < 2 else 0) for number, granted in enumerate(sets)]
        _libc.capset(header, (ctypes.c_uint32 * 6)(*kept))
