"""What runs as ffmpeg can do nothing else: a stand-in for it tries, and says how far it came."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest

from jobs import encoding
from jobs.encoding import EncodeArgs, ffmpeg, probe
from jobs.encoding.session import EncodeSession
from jobs.sandbox import seccomp, syscalls
from jobs.sandbox.confinement import Limits, confined_program, lacking
from tests.product.stack import eventually
from tests.unit.encoding.test_tracks import media

pytestmark = pytest.mark.skipif(bool(lacking()), reason=f"this kernel does not offer all of it: {lacking()}")

# Runs each line of its argument, and prints for each what it came to.
STAND_IN = """
import ctypes, json, os, signal, socket, sys, threading
libc = ctypes.CDLL(None, use_errno=True)
def call(function, *arguments):
    if getattr(libc, function)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), function)
came_to = {}
for line in json.loads(sys.argv[1]):
    try:
        exec(line)
        came_to[line] = "done"
    except OSError as error:
        came_to[line] = type(error).__name__ + " " + os.strerror(error.errno)
print(json.dumps(came_to))
"""
SMALL = Limits(file_bytes=1000)
REFUSED = {"PermissionError Operation not permitted", "PermissionError Permission denied"}


@pytest.fixture
def house(tmp_path):
    """A data directory with a job in it: its source, its work directory, and all that is none of its business."""
    job, other = tmp_path / "media/jobs/1", tmp_path / "media/jobs/2"
    for folder in (job / "attempt-1", other, tmp_path / "code"):
        folder.mkdir(parents=True)
    kept = ("db.sqlite3", "secret_key", "code/views.py", "media/jobs/1/source", "media/jobs/2/source")
    for name in kept:
        (tmp_path / name).write_text("kept")
    return tmp_path


@pytest.fixture
def attempts(house):
    """What becomes of lines of Python that run as ffmpeg would."""

    def run(*lines: str, limits: Limits = SMALL) -> dict[str, str]:
        job = house / "media/jobs/1"
        argv = [sys.executable, "-I", "-S", "-c", STAND_IN, json.dumps(lines)]
        with (
            confined_program(argv[0], (job / "source",), (job / "attempt-1",), limits) as confine,
            ffmpeg.running(argv, confine) as child,
        ):
            said = [line for lines in child for line in lines]
        return json.loads(said[-1])

    return run


def refused(came_to: dict[str, str]) -> bool:
    return set(came_to.values()) <= REFUSED


def test_it_reads_its_source_works_in_its_directory_and_has_threads(attempts, house):
    job = house / "media/jobs/1"
    lines = (
        f"assert open({str(job / 'source')!r}).read() == 'kept'",
        f"open({str(job / 'attempt-1/result')!r}, 'w').write('made')",
        f"os.rename({str(job / 'attempt-1/result')!r}, {str(job / 'attempt-1/whole')!r})",
        "thread = threading.Thread(target=print); thread.start(); thread.join()",
        "open('/dev/null', 'w').write('x'), open('/dev/urandom', 'rb').read(1)",
    )
    assert set(attempts(*lines).values()) == {"done"}
    assert (job / "attempt-1/whole").read_text() == "made"


def test_it_reads_nothing_else(attempts, house):
    names = ("db.sqlite3", "secret_key", "media/jobs/2/source", "code/views.py")
    files = [*(str(house / name) for name in names), "/etc/passwd", f"/proc/{os.getpid()}/environ", "/proc/self/maps"]
    folders = [str(house), str(house / "media/jobs"), "/", "/proc", "/tmp"]
    assert refused(attempts(*(f"open({path!r}, 'rb')" for path in files), *(f"os.listdir({p!r})" for p in folders)))


def test_it_changes_nothing_else(attempts, house):
    database, code = str(house / "db.sqlite3"), str(house / "code")
    source, work = str(house / "media/jobs/1/source"), str(house / "media/jobs/1/attempt-1")
    came_to = attempts(
        f"open({database!r}, 'a')",
        f"os.truncate({database!r}, 0)",
        f"os.chmod({database!r}, 0)",
        f"os.utime({database!r}, (0, 0))",
        f"os.unlink({database!r})",
        f"os.setxattr({database!r}, 'user.mark', b'1')",
        f"open({source!r}, 'r+')",
        f"open({code + '/settings.py'!r}, 'w')",
        f"os.rename({source!r}, {code + '/views.py'!r})",
        f"os.link({database!r}, {work + '/result'!r})",
        f"os.symlink({database!r}, {work + '/result'!r})",
        f"os.mkdir({work + '/folder'!r})",
    )
    assert refused(came_to), came_to
    assert (house / "db.sqlite3").read_text() == "kept"


def test_it_reaches_nobody(attempts, house):
    with socket.socket(socket.AF_UNIX) as redis, socket.create_server(("127.0.0.1", 0)) as web:
        path = Path(os.path.relpath(house / "redis.sock"))  # a name of a socket has at most 107 characters
        redis.bind(str(path))
        redis.listen()
        came_to = attempts(
            f"socket.socket(socket.AF_UNIX).connect({str(path)!r})",
            f"socket.create_connection(('127.0.0.1', {web.getsockname()[1]}))",
            "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))",
            "socket.socketpair()",
        )
    assert refused(came_to), came_to


def test_it_leaves_other_processes_and_the_machine_alone(attempts):
    other = os.getpid()
    came_to = attempts(
        f"os.kill({other}, 0)",
        f"call('tgkill', {other}, {other}, 0)",
        f"call('ptrace', 16, {other}, 0, 0)",
        f"call('prlimit', {other}, 7, None, None)",
        "os.fork()",
        "os.posix_spawn('/bin/sh', ['sh'], {})",
        "call('unshare', 0x10000000)",
        "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)",
        "call('setpriority', 0, 0, -5)",
        "call('prctl', 1, 0, 0, 0, 0)",  # to outlive its parent
    )
    assert refused(came_to), came_to


def test_it_knows_nothing_of_our_environment_and_has_no_privileges_to_gain(attempts, house, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush")
    came_to = attempts("assert dict(os.environ).keys() <= {'LC_CTYPE'}", "assert libc.prctl(39, 0, 0, 0, 0) == 1")
    assert set(came_to.values()) == {"done"}


def test_it_may_end_itself(attempts):
    with pytest.raises(ffmpeg.Failed) as failed:
        attempts("os.abort()")
    assert "SIGABRT" in failed.value.log


def test_its_files_and_its_time_on_processors_are_limited(attempts, house):
    target = house / "media/jobs/1/attempt-1/result"
    assert attempts("signal.signal(signal.SIGXFSZ, signal.SIG_IGN)", f"open({str(target)!r}, 'wb').write(bytes(5000))")
    assert target.stat().st_size == SMALL.file_bytes
    with pytest.raises(ffmpeg.Failed) as failed:
        attempts("while True: pass", limits=Limits(cpu_seconds=1))
    assert "SIGKILL" in failed.value.log or "SIGXCPU" in failed.value.log


def test_a_run_of_the_engine_is_confined_to_its_own_job(house):
    job, other = house / "media/jobs/1", house / "media/jobs/2"
    args = EncodeArgs(encoding.parse_options({}), media(), job / "source")
    session = EncodeSession(args, job / "attempt-1", lambda progress: True)
    lines = [f"open({str(path)!r})" for path in (job / "source", other / "source", house / "db.sqlite3")]
    argv = [sys.executable, "-I", "-S", "-c", STAND_IN.replace("came_to))", "came_to), file=sys.stderr)")]
    run = session.run([*argv, json.dumps(lines)], "encode", media_seconds=None, expected=1.0)
    own, *others = json.loads(run.log).values()
    assert own == "done"
    assert set(others) <= REFUSED


def test_the_looker_is_confined_when_it_opens_the_file(tmp_path):
    source = tmp_path / "source"
    os.mkfifo(source)  # which nobody writes to, so that it waits in the middle of opening it
    argv = [sys.executable, "-I", str(probe.CHILD), str(source)]
    with ffmpeg.running(argv, probe.LIMITS.apply) as child:
        status = Path(f"/proc/{child.popen.pid}/status")
        eventually(lambda: "Seccomp:\t2" in status.read_text(), 20, lambda: child.log)
        assert "NoNewPrivs:\t1" in status.read_text()


def test_python_can_confine_itself(house):
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from jobs.sandbox.confinement import confine_self; confine_self(Path(sys.argv[2]));"
        "print(open(sys.argv[2]).read(), flush=True); open(sys.argv[3])"
    )
    root, source = Path(__file__).resolve().parents[2], house / "media/jobs/1/source"
    argv = [sys.executable, "-I", "-c", script, str(root), str(source), str(house / "db.sqlite3")]
    said: list[str] = []
    with pytest.raises(ffmpeg.Failed) as failed, ffmpeg.running(argv, Limits().apply) as child:
        for lines in child:
            said += lines
    assert "kept" in said
    assert "PermissionError" in failed.value.log


def test_the_filter_is_made_for_both_kinds_of_processors(monkeypatch):
    for machine in syscalls.MACHINES:
        monkeypatch.setattr(seccomp, "machine", lambda machine=machine: machine)
        assert len(seccomp.compiled()) % seccomp.INSTRUCTION.size == 0


@pytest.mark.parametrize("version", [1, 2, 4])
def test_an_older_landlock_keeps_files_from_it_all_the_same(attempts, house, monkeypatch, version):
    monkeypatch.setattr("jobs.sandbox.landlock.version", lambda: version)
    database = str(house / "db.sqlite3")
    assert refused(attempts(f"open({database!r})", f"os.truncate({database!r}, 0)", "socket.socket()"))
