"""`python -m compressor.supervisor NAME[=COUNT]...`: run these lines of the Procfile, until it is told to end.

1. What dies is started again, after a pause that grows while it keeps dying.
2. TERM, INT and HUP end all of it, unless whoever started us had that signal ignored (nohup): the last one named when
   the others have ended. What does not end in time is killed.
3. When this process itself is killed, the kernel kills what it started: nothing is left that could get in the way of
   the next start.
4. What the processes say is passed on line by line, under their names, whether or not anybody listens.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

SHORTEST, LONGEST = 1, 16  # seconds until what died is started again
STEADY = 30  # seconds; what ran for as long has not kept dying
GRACE = 15  # seconds to end in, since a piece that is nearly there is finished; and again for the last one, Redis
LAST_WORDS = 2  # seconds to pass them on
LINE = 64 * 1024  # bytes; a longer one is passed on in parts
TICK = 0.1  # seconds

_speaking = threading.Lock()


class Service:
    """One process of the Procfile, and whoever takes its place."""

    def __init__(self, name: str, line: str):
        self.name, self._line = name, line
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._starts_at = 0.0
        self._pause = SHORTEST

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def is_due(self) -> bool:
        return self._process is None and time.monotonic() >= self._starts_at

    def terminate(self) -> None:
        if self._process:
            os.kill(self._process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """With whatever it started that has no group of its own."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)

    def start(self) -> IO[bytes]:
        """What it will say. For the main thread alone: the kernel takes the end of the thread that starts for ours."""
        # Whoever is born just when we are killed finds another parent, and would be told of no death any more.
        script = f"[ $PPID = {os.getpid()} ] || exit\n{self._line}"
        said, output = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
        self._began = time.monotonic()
        with output:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "sh", "-c", script],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is ours to pass on
            )
        return said

    def note_end(self, how: str) -> str:
        """And when it will be started again, in words."""
        if self._process:
            self._process.returncode = 0  # whatever it was: subprocess must not ask the kernel for it
        self._process, now = None, time.monotonic()
        pause = SHORTEST if now - self._began >= STEADY else self._pause
        self._starts_at, self._pause = now + pause, min(pause * 2, LONGEST)
        return f"{self.name} {how}; starting it again in {pause} s"


class Supervisor:
    def __init__(self, services: list[Service]):
        self._services = services
        self._width = max(len(service.name) for service in services)
        self._listeners: list[threading.Thread] = []
        self._told_to_end = False
        self._voice = self._own_voice()

    def told_to_end(self, *_: object) -> None:
        self._told_to_end = True

    def supervise(self) -> None:
        while not self._told_to_end:
            for service in self._services:
                if service.is_due():
                    self._start(service)
            for words in self._note_ends():
                self._say(words)
            time.sleep(TICK)
        self._end()

    def _start(self, service: Service) -> None:
        try:
            self._listen(service.name, service.start())
        except OSError as error:  # no process, memory or descriptor to be had just now
            self._say(service.note_end(f"could not be started: {error.strerror}"))

    def _end(self) -> None:
        *others, last = self._services
        for services in (others, [last]):  # as long as it is there, the others can tell it that they end
            for service in services:
                service.terminate()
            self._wait_for(services)
        self._voice.close()
        deadline = time.monotonic() + LAST_WORDS
        for listener in self._listeners:
            listener.join(max(0, deadline - time.monotonic()))

    def _wait_for(self, services: list[Service]) -> None:
        deadline = time.monotonic() + GRACE
        while any(service.pid for service in services) and time.monotonic() < deadline:
            time.sleep(TICK)
            self._note_ends()
        for service in services:
            if service.pid:
                self._say(f"{service.name} does not end; killing it")
                service.kill()

    def _note_ends(self) -> list[str]:
        """As the first process of a container we are given the orphans as well."""
        words = []
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                how = f"ended with status {os.waitstatus_to_exitcode(ended[1])}"
                words += [service.note_end(how) for service in self._services if service.pid == ended[0]]
        return words

    def _listen(self, name: str, pipe: IO[bytes]) -> None:
        thread = threading.Thread(target=_relay, args=(f"{name:{self._width}} | ".encode(), pipe), daemon=True)
        thread.start()
        self._listeners = [*(listener for listener in self._listeners if listener.is_alive()), thread]

    def _say(self, words: str) -> None:
        self._voice.write(f"{words}\n".encode())

    def _own_voice(self) -> IO[bytes]:
        """Passed on like the others', and rather lost than waited for: a terminal may be halted (Ctrl-S)."""
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        self._listen("system", os.fdopen(reading, "rb"))
        return os.fdopen(writing, "wb", buffering=0)


def _relay(prefix: bytes, pipe: IO[bytes]) -> None:
    """Until the last one ends that holds the other side."""
    with pipe:
        for line in iter(lambda: pipe.readline(LINE), b""):
            said = prefix + line.rstrip(b"\n") + b"\n"
            with _speaking, contextlib.suppress(OSError):  # the reader went away, or the terminal
                while said:
                    said = said[os.write(1, said) :]


def _services(arguments: list[str], procfile: Path) -> list[Service]:
    """As the arguments name them, each with its number."""
    lines = dict(line.split(": ", 1) for line in procfile.read_text().splitlines() if line)
    services = []
    for argument in arguments:
        name, _, count = argument.partition("=")
        services += [Service(f"{name}.{number + 1}", lines[name]) for number in range(int(count or 1))]
    return services


def main() -> None:
    supervisor = Supervisor(_services(sys.argv[1:], Path("Procfile")))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, supervisor.told_to_end)
    supervisor.supervise()
    Path(os.environ["DATA_DIR"], "lock").write_text("")  # who comes next need not wait for what we left behind


if __name__ == "__main__":
    main()
