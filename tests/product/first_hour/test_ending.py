"""However it is ended, all of it ends; whatever was left behind, the next start copes with it."""

import contextlib
import os
import signal
import subprocess

import psutil
import pytest

from tests.conftest import ROOT
from tests.product.stack import eventually


def run_and_wait(clone, command="bin/run", **changes):
    process = clone.start(command, **changes)
    clone.wait_until_ready()
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_terminals_group_ends_everything(clone, number):
    process = run_and_wait(clone)
    os.killpg(process.pid, number)
    clone.wait_until_all_ended()
    assert (clone.data_dir / "lock").read_text() == ""


def test_ctrl_c_ends_everything_though_the_reader_of_the_log_dies_first(clone):
    process = run_and_wait(clone, "bin/run 2>&1 | tee log")
    os.killpg(process.pid, signal.SIGINT)
    clone.wait_until_all_ended()


def test_a_reader_of_the_log_that_goes_away_stops_nothing(clone):
    run_and_wait(clone, "bin/run 2>&1 | head -n 1")
    assert clone.answers()


def test_kill_9_of_the_script_leaves_nothing_behind_and_the_next_start_takes_over(clone):
    process = run_and_wait(clone)
    pid = int((clone.data_dir / "lock").read_text())
    os.kill(pid, signal.SIGKILL)
    process.wait(10)
    clone.wait_until_all_ended()
    run_and_wait(clone)


def test_a_second_start_names_the_process_that_runs(clone):
    run_and_wait(clone)
    pid = (clone.data_dir / "lock").read_text().strip()
    status, said = clone.run()
    assert (status, f"runs on {clone.data_dir} already, as process {pid}" in said) == (1, True)
    assert clone.answers()


def test_a_process_that_dies_is_started_again(clone):
    run_and_wait(clone)
    first = web_of(clone)
    os.kill(first.pid, signal.SIGKILL)
    eventually(lambda: web_of(clone) not in (None, first))
    clone.wait_until_ready()


def web_of(clone):
    """The process that serves, not the one that keeps it."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = process.cmdline()
            if words[1:3] == ["-m", "compressor.server"] and process.environ()["DATA_DIR"] == str(clone.data_dir):
                return process
    return None


def test_redis_starts_anew_where_what_it_kept_is_damaged_and_the_files_are_set_aside(clone):
    run_and_wait(clone)
    os.killpg(clone.processes[0].pid, signal.SIGTERM)
    clone.wait_until_all_ended()
    kept = [path for path in (clone.data_dir / "redis").rglob("*.aof*") if path.is_file()]
    for path in kept:
        if "manifest" not in path.name:
            path.write_bytes(b"*3\r\n$3\r\nSET\r\nthis is damaged\r\n" * 9)
    run_and_wait(clone)
    assert len(list(clone.data_dir.glob("redis.damaged-*"))) == 1


def test_what_is_told_to_end_just_as_it_starts_its_command_ends(tmp_path):
    date = tmp_path / "date"  # bin/keep asks for the time before it starts the command
    date.write_text('#!/bin/sh\nkill -TERM "$PPID"\nexec /bin/date "$@"\n')
    date.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    kept = subprocess.run(["bin/keep", "sleep", "1000"], cwd=ROOT, env=environment, timeout=30, check=False)
    assert kept.returncode == 0
