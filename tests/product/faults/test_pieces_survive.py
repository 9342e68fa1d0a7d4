"""A film in pieces, while what makes it is killed: what is finished is never made again, and nothing is missing."""

import signal
import sqlite3
import uuid
from collections import namedtuple
from contextlib import closing, suppress

import av
import psutil
import pytest
from redis import Redis

from compressor.redis import socket_path
from tests.product.http import http
from tests.product.stack import Stack, eventually

WORKERS = ("worker", "worker 2")
Row = namedtuple("Row", "number state attempt losses worker frames finished_at")


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """With two workers. Pieces are short, and so are leases: no loss is waited for long, and none ends the job."""
    settings = {"PIECE_SECONDS": "2", "JOB_LEASE": "3", "MAX_LOSSES": "100"}
    with Stack(tmp_path_factory.mktemp("pieces"), **settings) as running:
        running.start("worker 2")
        yield running


class Film:
    """A job, its rows, and every fraction that its client was told."""

    def __init__(self, stack, source):
        self.stack, self.source, self.fractions = stack, source, []
        with source.open("rb") as file:
            fields = {"client_job_id": str(uuid.uuid4()), "recipe": "fast"}
            submitted = http.post(f"{stack.url}/jobs", data=fields, files={"file": file})
        self.url, self.id = f"{stack.url}/jobs/{submitted.json()['id']}", submitted.json()["id"]

    def told(self):
        snapshot = http.get(self.url).json()
        if (fraction := (snapshot.get("progress") or {}).get("fraction")) is not None:
            self.fractions.append(fraction)
        return snapshot

    def pieces(self, state=None):
        columns = ", ".join(Row._fields)
        asked = f"SELECT {columns} FROM jobs_piece WHERE job_id = ? ORDER BY number"  # noqa: S608
        with closing(sqlite3.connect(self.stack.data_dir / "db.sqlite3", timeout=30)) as database:
            rows = [Row(*row) for row in database.execute(asked, [uuid.UUID(self.id).hex])]
        return [row for row in rows if state is None or row.state == state]

    def when_done(self, count):
        """So many pieces at least: those that are."""
        return eventually(lambda: self.told() and len(done := self.pieces("done")) >= count and done, timeout=240)

    def when_completed(self):
        return eventually(lambda: (told := self.told()).get("state") == "completed" and told, timeout=240)

    def result(self, path):
        path.write_bytes(http.get(f"{self.url}/result").content)
        return path


def start_workers(stack):
    for name in WORKERS:
        if name not in stack.processes:
            stack.start(name)


def kill_workers(stack, number=signal.SIGKILL):
    for name in WORKERS:
        stack.kill(name, number)


def pictures(path):
    """When each one is shown, in seconds after the first."""
    with av.open(str(path)) as film:
        times = [frame.pts * film.streams.video[0].time_base for frame in film.decode(video=0)]
    return [float(time - times[0]) for time in times]


def test_all_workers_are_killed_again_and_again_and_redis_is_emptied(stack, media, tmp_path):
    film = Film(stack, media / "cuttable.mp4")
    kept = []
    for count, is_emptied in ((2, False), (6, True)):
        kept = film.when_done(count)
        kill_workers(stack)
        kept = film.pieces("done")
        if is_emptied:
            Redis(unix_socket_path=str(socket_path(stack.data_dir))).flushall()
        start_workers(stack)
    assert kept
    film.when_completed()
    made = film.pieces()
    assert {piece.state for piece in made} == {"done"}
    assert set(kept) <= set(made), "a finished piece was made again"
    assert film.fractions == sorted(film.fractions)
    expected = pictures(film.source)
    assert sum(piece.frames for piece in made) == len(expected)
    assert pictures(film.result(tmp_path / "result")) == pytest.approx(expected, abs=1e-4)


def ffmpeg_of_a_piece(stack):
    """One that was made to stand still, so that it is not done before the worker is told to end."""
    for process in stack.ffmpegs():
        with suppress(psutil.NoSuchProcess):  # done meanwhile
            process.suspend()
            if "-stats_mux_pre:v:0" in process.cmdline():
                return process
            process.resume()
    return None


def test_a_film_is_done_though_no_worker_lives_as_long_as_a_piece_takes(stack, media, tmp_path):
    """Each is killed over its first piece, until that is a half of a half of a half, without a key frame within."""
    kill_workers(stack)
    film = Film(stack, media / "film.mp4")
    while len(rows := film.pieces()) < 6:
        stack.start("worker", PIECE_SECONDS="5")
        eventually(lambda: ffmpeg_of_a_piece(stack), timeout=240)
        stack.kill("worker", signal.SIGKILL)
    start_workers(stack)
    film.when_completed()
    assert len(film.pieces("done")) >= len(rows)
    assert pictures(film.result(tmp_path / "result")) == pytest.approx(pictures(film.source), abs=1e-4)


def test_a_worker_that_is_told_to_end_gives_its_piece_back_at_once(stack, media):
    kill_workers(stack, signal.SIGTERM)
    stack.start("worker", PIECE_SECONDS="10")  # too much for the few seconds in which a piece would be finished
    film = Film(stack, media / "black.mp4")
    ffmpeg = eventually(lambda: ffmpeg_of_a_piece(stack), timeout=240)
    (running,) = film.pieces("running")
    stack.kill("worker", signal.SIGTERM)
    (given_back,) = [piece for piece in film.pieces() if piece.number == running.number]
    assert (given_back.state, given_back.attempt, given_back.losses) == ("waiting", running.attempt + 1, 0)
    assert not ffmpeg.is_running()
    http.delete(film.url)
    start_workers(stack)
