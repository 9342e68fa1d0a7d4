"""However it is ended, all of it ends; whatever was left behind, the next start copes with it."""

import os
import signal
import time

import pytest

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


def test_a_process_that_dies_is_started_again_whichever_it_is(clone):
    run_and_wait(clone)
    for name in ("compressor.server", "manage.py work", "manage.py sweep", "redis-server"):
        first = clone.one_of(name)
        os.kill(first.pid, signal.SIGKILL)
        eventually(lambda name=name, first=first: clone.one_of(name) not in (None, first))
        clone.wait_until_ready()


def test_redis_answers_whenever_and_however_often_what_starts_it_was_killed(clone):
    """What was left of an earlier one used to take the socket of the next one with it as it ended at last."""
    for pause in (0.0, 0.3, 1.0, 0.0):
        process = run_and_wait(clone)
        os.kill(int((clone.data_dir / "lock").read_text()), signal.SIGKILL)
        process.wait(10)
        time.sleep(pause)
    run_and_wait(clone)
    assert len([command for command in clone.running() if "redis-server" in command]) == 1
    time.sleep(5)
    assert clone.answers("/readyz")


def test_a_second_redis_leaves_the_files_and_the_socket_of_the_first_alone(clone):
    run_and_wait(clone)
    status, said = clone.run('"$VENV_DIR/bin/python" -m compressor.redis')
    assert (status, f"Another Redis serves {clone.data_dir} already." in said) == (1, True)
    assert clone.answers("/readyz")


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
