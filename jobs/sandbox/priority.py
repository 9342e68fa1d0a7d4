"""How far a child gives way to everybody else on this machine: on processors and on disks."""

import ctypes
import os
from contextlib import suppress

from jobs.sandbox import seccomp, syscalls

IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE, IOPRIO_CLASS_SHIFT = 1, 3, 13  # ioprio_set(2)
AUTOGROUP = "/proc/self/autogroup"

_libc = ctypes.CDLL(None, use_errno=True)


def give_way(nice: int) -> None:
    """In the child, and for all that it starts. 0: not at all. One that gives way already is not hurried by it.

    The kernel may refuse any of this; that is no reason not to run.
    """
    if not nice:
        return
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(nice, os.getpriority(os.PRIO_PROCESS, 0)))
        _share_out(nice)
    if seccomp.machine() in syscalls.MACHINES:
        number = syscalls.OTHER_PROCESSES["ioprio_set"][syscalls.MACHINES.index(seccomp.machine())]
        _libc.syscall(number, IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT)


def _share_out(nice: int) -> None:
    """Where the kernel shares processors among sessions, niceness counts only within one, and this child is alone in
    its own: it is the session that has to be nice (sched(7)).
    """
    group = os.open(AUTOGROUP, os.O_WRONLY)
    try:
        os.write(group, str(nice).encode())
    finally:
        os.close(group)
