"""What `film.py` stands on: a made film, the running product with workers on cores of their own, and its rows."""

import http.client
import sqlite3
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import av
import httpx
import psutil

from jobs.encoding import ffmpeg_binary
from tests.media import shipped
from tests.product.stack import Stack

# Two real clips, over and over: never the same part of the picture, in turns, in other colours, and with fresh noise.
SCENES = (
    "[0:v]crop=512:256:x='(iw-ow)/2*(1+sin(t/7))':y='(ih-oh)/2*(1+cos(t/11))',scale=640:320,setsar=1[street];"
    "[1:v]crop=960:480:x='(iw-ow)/2*(1+cos(t/5))':y='(ih-oh)/2*(1+sin(t/13))',scale=640:320,setsar=1[cartoon];"
    "[street][cartoon]overlay=enable='lt(mod(t,41),17)',hue=h='25*sin(t/17)',noise=alls=5:allf=t+u[film]"
)
PROGRAM, OTHER = "127.0.0.1", "127.0.0.2"  # whoever has no name is told from others by the address


def make_film(path: Path, seconds: float) -> Path:
    clips = [("-stream_loop", "-1", "-i", shipped(f"{name}.mp4")) for name in ("bikes", "bigbuckbunny")]
    picture = ("-filter_complex", SCENES, "-map", "[film]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "17")
    sound = ("-map", "1:a", "-c:a", "aac", "-ac", "2", "-t", str(seconds))
    command = [ffmpeg_binary(), "-loglevel", "error", "-y", *clips[0], *clips[1], *picture, *sound, path]
    subprocess.run(command, check=True)
    return path


def cut_off(film: Path, path: Path, seconds: float) -> Path:
    """Its beginning."""
    command = [ffmpeg_binary(), "-loglevel", "error", "-y", "-i", film, "-t", str(seconds), "-c", "copy", path]
    subprocess.run(command, check=True)
    return path


def pictures(film: Path) -> list[float]:
    """When each one is shown, in seconds after the first."""
    with av.open(str(film)) as opened:
        (stream,) = opened.streams.video
        times = sorted(packet.pts * stream.time_base for packet in opened.demux(stream) if packet.pts is not None)
    return [float(time - times[0]) for time in times]


@dataclass(frozen=True)
class Piece:
    number: int
    state: str
    seconds: float
    fraction: float
    attempt: int
    losses: int
    took: float | None
    started_at: str | None
    finished_at: str | None


@dataclass
class Job:
    product: "Product"
    address: str  # its submitter's
    id: str
    looks: list[tuple[float, float | None, float | None]] = field(default_factory=list)  # when, fraction, seconds left

    @property
    def url(self) -> str:
        return f"{self.product.url}/jobs/{self.id}"

    def look(self) -> dict:
        """Its snapshot; noted is how far it is said to be."""
        told = httpx.get(self.url, timeout=60).json()
        told = told.get("job", told)  # what a problem is about
        progress = told["progress"] or {}
        self.looks.append((time.time(), progress.get("fraction"), progress.get("eta_seconds")))
        return told

    def until(self, reached: Callable[[dict], object]) -> dict:
        while not reached(told := self.look()):
            if told["is_final"]:
                raise SystemExit(f"A job ended too soon, as {told['state']}. Its error: {told['error']}")
            time.sleep(0.5)
        return told

    def complete(self) -> dict:
        return self.until(lambda told: told["state"] == "completed")

    def fetch(self, path: Path) -> Path:
        """Its result."""
        path.write_bytes(httpx.get(f"{self.url}/result", timeout=60).content)
        return path

    def cancel(self) -> None:
        httpx.delete(self.url, timeout=60)

    def pieces(self, state: str = "") -> list[Piece]:
        """All of them, or those in one state."""
        columns = ", ".join(Piece.__dataclass_fields__)
        asked = f"SELECT {columns} FROM jobs_piece WHERE job_id = ?"  # noqa: S608
        pieces = [Piece(*row) for row in self.product.rows(asked, self.id)]
        return [piece for piece in pieces if state in {"", piece.state}]

    def share_made(self) -> float:
        """Of its film; 0 before it is cut."""
        pieces = self.pieces()
        made = sum(piece.seconds * (1 if piece.state == "done" else piece.fraction) for piece in pieces)
        return made / (sum(piece.seconds for piece in pieces) or 1)

    @property
    def took(self) -> float:
        """Seconds from its beginning to its end."""
        return moment(self.row("finished_at")) - moment(self.row("started_at"))

    def share_of_true_etas(self, *, of_what_is_left: bool = False) -> float:
        """Of the looks in its second half: how many had the end right, within a fifth of the whole time."""
        ended, took = moment(self.row("finished_at")), self.took
        looks = [(at, left) for at, _, left in self.looks if ended - took / 2 <= at < ended]
        return statistics.fmean(
            left is not None and abs(at + left - ended) <= 0.2 * (ended - at if of_what_is_left else took)
            for at, left in looks
        )

    def poll_times(self, count: int, pause: float) -> list[float]:
        """Seconds that polls took, each some time after the one before."""
        connection, times = http.client.HTTPConnection("127.0.0.1", self.product.port), []
        for _ in range(count):
            began = time.perf_counter()
            connection.request("GET", f"/jobs/{self.id}")
            connection.getresponse().read()
            times.append(time.perf_counter() - began)
            time.sleep(pause)
        return times

    def row(self, column: str) -> str | None:
        return self.product.rows(f"SELECT {column} FROM jobs_job WHERE id = ?", self.id)[0][0]  # noqa: S608


class Product(Stack):
    """The stack of the tests; workers are started, with settings of their own, when they are asked for."""

    def start_workers(self, cores: list[set[int]], **settings: str) -> None:
        """One for each set of cores, and bound to those."""
        for number, own in enumerate(cores):
            name = f"worker {number + 1}"
            self.start(name, **settings)
            psutil.Process(self.processes[name].pid).cpu_affinity(own)

    def kill_workers(self) -> None:
        for name in [name for name in self.processes if name.startswith("worker")]:
            self.kill(name)

    def submit(self, source: Path, address: str, recipe: str) -> Job:
        fields = {"client_job_id": str(uuid.uuid4()), "recipe": recipe}
        with source.open("rb") as file, httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as client:
            answer = client.post(f"{self.url}/jobs", data=fields, files={"file": file}, timeout=600)
        answer.raise_for_status()
        return Job(self, address, answer.json()["id"])

    def rows(self, query: str, job_id: str) -> list[tuple]:
        with closing(sqlite3.connect(self.data_dir / "db.sqlite3", timeout=30)) as database:
            return database.execute(query, [uuid.UUID(job_id).hex]).fetchall()


def moment(text: str | None) -> float:
    """Of a row's column, in seconds since 1970."""
    return datetime.fromisoformat(f"{text}+00:00").timestamp()


def cores() -> Iterator[set[int]]:
    """Those of this process, each by itself."""
    return ({core} for core in sorted(psutil.Process().cpu_affinity()))
