"""Whoever is killed, and however: what runs is what the Procfile says, once."""

import contextlib
import os
import signal
import subprocess
import sys

import psutil
import pytest

from tests.conftest import ROOT
from tests.product.first_hour.conftest import end_as_usual
from tests.product.stack import eventually

SAYS_WHO = "sh -c 'echo I am $$; exec sleep 1000'"


class Supervised:
    """A Procfile of one's own under the supervisor, which leads a process group, as on a terminal."""

    def __init__(self, folder):
        self.folder, self.started = folder, []

    def start(self, *names, before=(), **lines):
        (self.folder / "Procfile").write_text("".join(f"{name}: exec {line}\n" for name, line in lines.items()))
        environment = os.environ | {"DATA_DIR": str(self.folder), "PYTHONPATH": str(ROOT)}
        with (self.folder / "log").open("ab") as log:
            command = [*before, sys.executable, "-m", "compressor.supervisor", *(names or lines)]
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_as_usual,  # noqa: PLW1509  the tests have one thread
            )
        self.started.append(process)
        return process

    def said(self):
        return (self.folder / "log").read_text().splitlines()

    def pids(self, name):
        """Of everybody who said so under this name, in order."""
        return [int(line.split()[-1]) for line in self.said() if line.startswith(name) and "I am" in line]

    def running(self):
        """What was started for this folder and is still there."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get("DATA_DIR") == str(self.folder) and process.status() != "zombie":
                    found.append(process)
        return found

    def wait_for(self, name, starts=1):
        return eventually(lambda: len(found := self.pids(name)) >= starts and found, 30, self.said)[-1]


@pytest.fixture
def supervised(tmp_path):
    supervised = Supervised(tmp_path)
    yield supervised
    for process in supervised.started:
        process.kill()
        process.wait()
    eventually(lambda: not supervised.running(), 30, lambda: f"still running: {supervised.running()}")


def test_each_process_says_its_lines_under_its_name_and_of_several_each_has_a_number(supervised):
    supervised.start("web", "worker=2", web=SAYS_WHO, worker=SAYS_WHO, redis=SAYS_WHO)
    for name in ("web.1    | I am", "worker.1 | I am", "worker.2 | I am"):
        eventually(lambda name=name: any(line.startswith(name) for line in supervised.said()), 30, supervised.said)
    assert len(supervised.said()) == 3


def test_what_dies_is_started_again_and_that_is_said_with_its_status(supervised):
    supervised.start(web=SAYS_WHO)
    first = supervised.wait_for("web.1")
    os.kill(first, signal.SIGKILL)
    assert supervised.wait_for("web.1", starts=2) != first
    assert any("web.1 ended with status -9; starting it again in 1 s" in line for line in supervised.said())


def test_what_keeps_dying_is_started_again_ever_more_slowly(supervised):
    supervised.start(web="sh -c 'exit 3'")
    eventually(lambda: any("status 3; starting it again in 4 s" in line for line in supervised.said()), 30)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_politely(supervised, number):
    polite = "trap 'echo bye; exit' TERM; echo I am $$; while :; do sleep 0.1; done"
    process = supervised.start("web=2", web=f'sh -c "{polite}"')
    eventually(lambda: len(supervised.pids("web")) == 2, 30, supervised.said)
    process.send_signal(number)
    assert process.wait(15) == 0
    assert {"web.1 | bye", "web.2 | bye"} <= {" ".join(line.split()) for line in supervised.said()}
    assert supervised.running() == []


def test_what_does_not_end_when_told_is_killed_with_what_it_started(supervised):
    stubborn = "trap : TERM; echo I am $$; sleep 1000 & while :; do wait; done"
    process = supervised.start(web=f'sh -c "{stubborn}"')
    supervised.wait_for("web.1")
    process.terminate()
    assert process.wait(40) == 0
    assert supervised.running() == []


def test_under_nohup_it_outlives_its_terminal(supervised):
    process = supervised.start(before=["nohup"], web=SAYS_WHO)
    pid = supervised.wait_for("web.1")
    process.send_signal(signal.SIGHUP)
    os.kill(pid, signal.SIGKILL)
    supervised.wait_for("web.1", starts=2)


def test_kill_9_of_the_supervisor_ends_also_those_who_would_not_listen(supervised):
    """They used to run on, adopted by init: with the port, the socket of Redis and the jobs in their hands."""
    deaf = "trap '' TERM; echo I am $$; while :; do sleep 1; done"
    process = supervised.start(web=f'sh -c "{deaf}"', redis=SAYS_WHO)
    supervised.wait_for("web.1")
    os.kill(supervised.wait_for("redis.1"), signal.SIGSTOP)
    process.kill()
    process.wait()
    eventually(lambda: not supervised.running(), 30, lambda: f"still running: {supervised.running()}")


def test_nothing_is_left_of_a_supervisor_that_is_killed_while_it_starts_others(supervised):
    """Again and again, each time a moment later."""
    for milliseconds in range(0, 200, 10):
        process = supervised.start("web=4", web=SAYS_WHO)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02 + milliseconds / 1000)
        process.kill()
        process.wait()
    eventually(lambda: not supervised.running(), 30, lambda: f"still running: {supervised.running()}")


def test_the_ends_of_orphans_are_taken_note_of_where_it_is_the_first_process(supervised):
    """As in a container without an init of its own: orphans are given to process 1, and stay zombies until it asks."""
    namespace = ["unshare", "--fork", "--pid", "--kill-child"]
    if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this user may not make a PID namespace")
    orphan = "sh -c '(sleep 0.2 &) ; echo I am $$; exec sleep 1000'"
    supervised.start(before=namespace, web=orphan)
    supervised.wait_for("web.1")

    def sleeping():
        return [process for process in supervised.running() if process.name() == "sleep"]

    eventually(lambda: len(sleeping()) == 1, 30)
    inside = psutil.Process(sleeping()[0].ppid())
    eventually(lambda: [child.status() for child in inside.children()] == ["sleeping"], 10, inside.children)


def test_a_halted_reader_halts_nothing(supervised, tmp_path):
    """A terminal after Ctrl-S: what dies is started again all the same, and Ctrl-C ends it."""
    reading, writing = os.pipe()
    talkative = f"sh -c 'echo I am $$ >>{tmp_path}/starts; exec yes'"
    (tmp_path / "Procfile").write_text(f"web: exec {talkative}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "compressor.supervisor", "web"],
        cwd=tmp_path,
        env=os.environ | {"DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        stdout=writing,
        preexec_fn=end_as_usual,  # noqa: PLW1509
    )
    supervised.started.append(process)

    def starts():
        path = tmp_path / "starts"
        return [int(line.split()[-1]) for line in path.read_text().splitlines()] if path.exists() else []

    eventually(lambda: len(starts()) == 1)
    os.kill(starts()[0], signal.SIGKILL)
    eventually(lambda: len(starts()) == 2)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    os.close(reading)
    os.close(writing)
