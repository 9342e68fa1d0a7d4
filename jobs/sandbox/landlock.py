"""A Landlock ruleset: which files a process may open, and that it may reach nobody (landlock(7))."""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on all machines
GET_VERSION = 1
PATH_BENEATH = 1  # a type of rule
RULESET = struct.Struct("=QQQ")  # struct landlock_ruleset_attr: access to files, to the network, and what is scoped
BENEATH = struct.Struct("=Qi")  # struct landlock_path_beneath_attr: access, and the path's file descriptor

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = (1 << bit for bit in range(4))
REMOVE_FILE, MAKE_FILE, TRUNCATE = 1 << 5, 1 << 8, 1 << 14
READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
WORK = READ | WRITE_FILE | TRUNCATE | REMOVE_FILE | MAKE_FILE
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE  # what a rule on a file that is no directory may grant
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # how many kinds of access there are, from which version on
NO_TCP, NO_SIGNALS = 3, 3  # all of them: binding and connecting; abstract sockets and signals to others
TCP_SINCE, TRUNCATE_SINCE, SIGNALS_SINCE = 4, 3, 6

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def version() -> int:
    """Of Landlock in this kernel; 0 where it is not there or switched off."""
    return max(0, int(_libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), GET_VERSION)))


def ruleset(rules: Iterable[tuple[Path, int]]) -> int:
    """A file descriptor of it: each path with what is allowed there and beneath. What is not there is left out."""
    known = version()
    files = (1 << max(count for since, count in FILE_RIGHTS.items() if since <= known)) - 1
    attributes = RULESET.pack(files, NO_TCP * (known >= TCP_SINCE), NO_SIGNALS * (known >= SIGNALS_SINCE))
    made = _called(CREATE_RULESET, attributes, ctypes.c_size_t(RULESET.size), 0)
    try:
        for path, access in rules:
            _allow(made, path, access & files)
    except BaseException:
        os.close(made)
        raise
    return made


def restrict(made: int) -> None:
    """This thread, and all that it starts, for good, once it has no new privileges. Raises OSError."""
    _called(RESTRICT_SELF, made, 0)


def _allow(made: int, path: Path, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        kind = access if stat.S_ISDIR(os.fstat(parent).st_mode) else access & FOR_FILES
        _called(ADD_RULE, made, PATH_BENEATH, BENEATH.pack(kind, parent), 0)
    finally:
        os.close(parent)


def _called(number: int, *arguments: object) -> int:
    answer = int(_libc.syscall(number, *arguments))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return answer
