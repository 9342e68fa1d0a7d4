"""What runs for a job gives way to everybody else on the machine, and has as many threads as it was given."""

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from jobs import encoding, errors
from jobs.encoding import Plan, probe
from jobs.encoding.codecs import CODECS

OURS = os.getpriority(os.PRIO_PROCESS, 0)
SLOW = "import time; print('{}', flush=True); time.sleep(60)"


@dataclass(frozen=True)
class Child:
    command: str
    nice: int
    disk: int  # the class of what it asks disks for
    session: str  # the niceness of its session; "" where the kernel does not share processors among sessions


def children():
    seen = []
    for process in psutil.Process().children():
        with suppress(psutil.Error, OSError):
            command = " ".join(process.cmdline())
            seen.append(Child(command, process.nice(), process.ionice().ioclass, session_niceness(process.pid)))
    return seen


def session_niceness(pid):
    """The file is missing in a kernel without sessions of this kind, and empty where cgroups share the processors."""
    group = Path(f"/proc/{pid}/autogroup")
    return group.read_text().rpartition(" ")[2].strip() if group.exists() else ""


def measuring_ffmpeg(source, workdir, **fields):
    """As it runs in the middle of a job, which is then stopped."""
    seen = []

    def report(progress):
        seen.extend(child for child in children() if " -dec " in child.command)
        return not seen

    args = encoding.EncodeArgs(encoding.parse_options({}), encoding.inspect(source), source)
    with pytest.raises(errors.Stopped):
        encoding.compress(replace(args, **fields), workdir, report)
    return seen[0]


def test_ffmpeg_gives_way_on_processors_and_on_disks(media, tmp_path):
    ffmpeg = measuring_ffmpeg(media / "film.mp4", tmp_path, nice=7)
    assert (ffmpeg.nice, ffmpeg.disk) == (max(7, OURS), psutil.IOPRIO_CLASS_IDLE)  # one that gives way is not hurried
    assert ffmpeg.session in {"7", ""}


def test_unless_it_is_told_to_it_does_not(media, tmp_path):
    ffmpeg = measuring_ffmpeg(media / "film.mp4", tmp_path)
    assert (ffmpeg.nice, ffmpeg.disk) == (OURS, psutil.Process().ionice().ioclass)
    assert ffmpeg.session in {"0", ""}


def test_what_inspects_a_source_gives_way_too(tmp_path, monkeypatch):
    (tmp_path / "child.py").write_text(SLOW)
    (tmp_path / "source").write_bytes(b"anything")
    monkeypatch.setattr(probe, "CHILD", tmp_path / "child.py")
    seen = []
    with pytest.raises(errors.Stopped):
        encoding.inspect(tmp_path / "source", lambda: seen.extend(children()), nice=7)
    ours = {(child.nice, child.disk) for child in seen if "child.py" in child.command}
    assert ours == {(max(7, OURS), psutil.IOPRIO_CLASS_IDLE)}


def test_decoders_filters_encoder_and_measuring_have_one_thread_each(media, tmp_path):
    command = measuring_ffmpeg(media / "film.mp4", tmp_path, threads=1).command
    for told in ("-filter_threads 1 ", "-filter_complex_threads 1 ", "-threads:v:0 1 ", "libvmaf=n_threads=1:"):
        assert told in command
    assert command.count("-threads 1 ") == command.count(" -i ") + 2  # decoders: of what is read, and for measuring


@pytest.mark.parametrize("codec", list(CODECS))
def test_pieces_that_were_made_with_different_numbers_of_threads_fit_together(media, tmp_path, codec):
    source = media / "film.mp4"
    options = encoding.parse_options({"recipe": "fast", "codec": codec, "max_height": "96"})
    args = encoding.EncodeArgs(options, encoding.inspect(source), source, piece_seconds=8.0)
    plan = encoding.prepare(args, tmp_path, lambda progress: True)
    assert isinstance(plan, Plan)
    headers = set()
    for number, threads in enumerate((1, 2, None)):
        workdir = tmp_path / str(number)
        workdir.mkdir()
        stretch, capped = plan.stretches[number], replace(args, threads=threads)
        made = encoding.encode_piece(capped, plan, stretch, workdir, lambda progress: True)
        headers.add(made.facts["headers"])
    assert len(headers) == 1
