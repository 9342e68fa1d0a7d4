"""A seccomp filter: which calls to the kernel a process may make (seccomp(2), classic BPF)."""

import ctypes
import errno
import os
import struct

from jobs.sandbox import syscalls

SECCOMP = {"x86_64": 317, "aarch64": 277}
SET_MODE_FILTER, GET_ACTION_AVAIL = 1, 2
FLAGS = 1 | 4  # every thread of the process; and no mitigation that slows it down, which Linux below 5.16 adds
CLONE_THREAD = 0x00010000
PR_SET_PDEATHSIG = 1  # prctl(2)

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF, on 32-bit words
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
INSTRUCTION = struct.Struct("=HBBI")  # struct sock_filter

_libc = ctypes.CDLL(None, use_errno=True)
Instruction = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def machine() -> str:
    """The kind of processor. The module `platform` takes longer to import than all the rest here."""
    return os.uname().machine


def is_available() -> bool:
    number = SECCOMP.get(machine())
    action = ctypes.byref(ctypes.c_uint32(ERROR))
    return number is not None and _libc.syscall(number, GET_ACTION_AVAIL, 0, action) == 0


def install(program: bytearray) -> None:
    """In the process itself, for good, once it has no new privileges. `program` is what `compiled` made."""
    struct.pack_into("=I", program, OWN_PID_AT, os.getpid())
    code = (ctypes.c_char * len(program)).from_buffer(program)
    described = _Program(len(program) // INSTRUCTION.size, ctypes.addressof(code))
    arguments = (SECCOMP[machine()], SET_MODE_FILTER, FLAGS, ctypes.byref(described))
    if _libc.syscall(*arguments):
        raise OSError(ctypes.get_errno(), "seccomp")


def compiled() -> bytearray:
    """The filter for this machine. The process's own id is filled in by the process."""
    column = syscalls.MACHINES.index(machine())
    special = (syscalls.CLONE, syscalls.TGKILL, syscalls.PRLIMIT, syscalls.PRCTL)
    clone, tgkill, prlimit, prctl = (numbers[column] or 0 for numbers in special)
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, syscalls.AUDIT_ARCH[machine()]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        *_only_if(tgkill, (JUMP_EQUAL, 1, 0, 0)),  # a signal to its own
        *_only_if(clone, (JUMP_ANY_BIT, 1, 0, CLONE_THREAD)),
        *_only_if(prlimit, (JUMP_EQUAL, 1, 0, 0)),
        *_only_if(prctl, (JUMP_EQUAL, 0, 1, PR_SET_PDEATHSIG)),  # anything but that
        *_refused(syscalls.UNKNOWN, column, errno.ENOSYS),
        *_refused(syscalls.REFUSED, column, errno.EPERM),
        (JUMP_AT_LEAST, 0, 1, syscalls.FIRST_UNKNOWN),
        (RETURN, 0, 0, ERROR | errno.ENOSYS),
        (RETURN, 0, 0, ALLOW),
    ]
    return bytearray(b"".join(INSTRUCTION.pack(*instruction) for instruction in program))


OWN_PID_AT = 6 * INSTRUCTION.size + 4  # the constant of the first condition in the program


def _only_if(number: int, condition: Instruction) -> list[Instruction]:
    """A call that is allowed where the low word of its first argument meets `condition`."""
    return [
        (JUMP_EQUAL, 0, 4, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        condition,
        (RETURN, 0, 0, ERROR | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


def _refused(calls: dict[str, syscalls.Numbers], column: int, error: int) -> list[Instruction]:
    numbers = [numbers[column] for numbers in calls.values()]
    return [
        part
        for number in numbers
        if number is not None
        for part in ((JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | error))
    ]
