"""Running ffmpeg: a stream of lines, a tail of what it complains about, and a way to stop it at once."""

import os
import re
import selectors
import shlex
import shutil
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, NoReturn, cast

import imageio_ffmpeg

from jobs.encoding.memory import memory_of, memory_share
from jobs.full_disk import FULL_DISK
from jobs.inspection.formats import DECODERS
from jobs.sandbox.confinement import Limits, confined_program

TICK = 0.5  # seconds between reports, however silent ffmpeg is
TAIL = 60  # lines of stderr
ACCOUNT = re.compile(r" (packets read|frames encoded) |Reconfiguring filter graph")
FULL_STATUSES = {256 - number for number in FULL_DISK}
FULL_WORDS = tuple(map(os.strerror, FULL_DISK))
QUIET = re.compile(r"\[(info|verbose|debug)\] |^Svt\[info\]")  # told with `-loglevel level+verbose`, or by SVT-AV1


class Failed(Exception):
    """A child ended with an error. `tail` are the last lines of its stderr."""

    def __init__(self, argv: list[str], status: int, tail: str):
        super().__init__(f"ffmpeg ended with {status}")
        self.argv = argv
        self.status = status
        self.tail = tail

    @property
    def met_a_full_disk(self) -> bool:
        """ffmpeg ends with the error's number, negative, as its exit status; or says so in passing."""
        return self.status in FULL_STATUSES or any(words in self.tail for words in FULL_WORDS)

    @property
    def was_killed(self) -> bool:
        """By somebody else, so that it may go better another time."""
        return self.status in {-signal.SIGKILL, -signal.SIGTERM}

    @property
    def log(self) -> str:
        """For operators: the command, how it ended, and what it said."""
        command = shlex.join(self.argv).replace(DECODERS, "…")  # two thousand letters for each input
        return f"$ {command}\n{self.tail}\n{_ending(self.status)}"


def ffmpeg_binary() -> str:
    """`FFMPEG_BINARY`, else the one in the imageio-ffmpeg wheel."""
    named = os.environ.get("FFMPEG_BINARY")
    if named:
        return shutil.which(named) or named
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def tools_version() -> str:
    """The first line of `ffmpeg -version`, run as for a job. Raises OSError unless it runs."""
    binary = ffmpeg_binary()
    try:
        with confined_program(binary, (), (), Limits()) as confine:
            shown = subprocess.run(
                [binary, "-version"],
                capture_output=True,
                timeout=20,
                check=True,
                text=True,
                env={},
                preexec_fn=confine,
            )
    except subprocess.SubprocessError as error:
        raise OSError(str(error)) from error
    return shown.stdout.partition("\n")[0]


def _ending(status: int) -> str:
    return f"ended by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


class TooMuchMemory(Failed):
    """A child used more memory than it may have."""


class Stalled(Failed):
    """A child made no progress for too long."""


class Process:
    """One child. Iterating yields its stdout's new lines about every TICK seconds, an empty list if silent."""

    def __init__(self, argv: list[str], confine: Callable[[], None], memory: int | None = None):
        self.argv = argv
        self.memory = memory or memory_share()
        self.tail: deque[str] = deque(maxlen=TAIL)
        self.account: list[str] = []
        self.popen = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
            start_new_session=True,
            preexec_fn=confine,  # noqa: PLW1509  takes no lock and imports nothing
        )

    @property
    def log(self) -> str:
        return "\n".join(self.tail)

    def __iter__(self) -> Iterator[list[str]]:
        pending = {"out": b"", "err": b""}
        with selectors.DefaultSelector() as selector:
            for stream, name in ((self.popen.stdout, "out"), (self.popen.stderr, "err")):
                selector.register(cast(IO[bytes], stream), selectors.EVENT_READ, name)
            while selector.get_map():
                lines: list[str] = []
                tick_ends = time.monotonic() + TICK
                while selector.get_map() and (left := tick_ends - time.monotonic()) > 0:
                    for key, _ in selector.select(left):
                        chunk = os.read(key.fd, 65536)
                        if not chunk:
                            selector.unregister(key.fileobj)
                        *whole, pending[key.data] = (pending[key.data] + chunk).replace(b"\r", b"\n").split(b"\n")
                        decoded = [line.decode(errors="replace") for line in whole if line]
                        if key.data == "out":
                            lines.extend(decoded)
                        else:
                            self._hear(decoded)
                self._check_memory()
                yield lines
        if status := self.popen.wait():
            raise Failed(self.argv, status, self.log)

    def _check_memory(self) -> None:
        if memory_of(self.popen.pid) > self.memory:
            self.kill()
            raise TooMuchMemory(self.argv, -signal.SIGKILL, f"It used more than {self.memory:,} bytes of memory.")

    def end_stalled(self) -> NoReturn:
        self.kill()
        raise Stalled(self.argv, -signal.SIGKILL, f"{self.log}\nIt made no progress any more.")

    def _hear(self, lines: list[str]) -> None:
        """Complaints are kept to the last few, ffmpeg's account of what it read and decoded to the last line."""
        for line in lines:
            if ACCOUNT.search(line):
                self.account.append(line)
            elif not QUIET.search(line):
                self.tail.append(line)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """The whole group, and wait for it."""
        self._signal(signal.SIGKILL)
        self.popen.wait()

    def _signal(self, number: signal.Signals) -> None:
        """To all of its group."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, number)


@contextmanager
def running(argv: list[str], confine: Callable[[], None], memory: int | None = None) -> Iterator[Process]:
    """Whatever happens in the block, no child is left behind it. `confine` is called in the child first."""
    process = Process(argv, confine, memory)
    try:
        yield process
    finally:
        process.kill()
