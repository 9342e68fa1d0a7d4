"""What films in pieces promise: shared, as small as whole, resumed, fair, polite, and honest about the time left.

    python benchmarks/film.py [SECTION...] [--minutes 10] [--film FILE]

Starts a product of its own, and makes a film from real clips unless one is named. Each section prints lines, most of
them with a goal; figures are ratios within the same run, and count on a machine that does nothing else. Pieces are a
tenth of the film long, a minute by default.
"""

import argparse
import http.client
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.film_ground import OTHER, Job, Product, cores, cut_off, make_film, moment

PIECES = 10
CLIPS, CLIP_SECONDS = 50, 10
MANY = 100
POLLS, PAUSE = 1000, 0.04  # seconds between two of them
SETTINGS = {"JOB_LEASE": "30", "SWEEP_INTERVAL": "5"}  # what they are by default, and not as in tests


class Bench:
    def __init__(self, product: Product, film: Path, seconds: float):
        self.product, self.film, self.seconds = product, film, seconds

    def work(self, workers: list[set[int]], **settings: str) -> None:
        """With these workers from now on; each works with as many threads as it has cores."""
        self.product.kill_workers()
        pieces = {"PIECE_SECONDS": str(self.seconds / PIECES)}
        self.product.start_workers(workers, **{**pieces, "THREADS": str(len(workers[0])), **settings})
        time.sleep(5)

    def compressed(self) -> tuple[Job, dict]:
        job = self.product.submit(self.film)
        return job, job.complete()


def shared(bench: Bench) -> None:
    """Two workers of one core each take at most 0.6 of the time of one; and what was said of the time left."""
    took = []
    for count in (1, 2):
        bench.work(list(cores())[:count])
        job, told = bench.compressed()
        took.append(seconds(told))
        say(f"{count} of one core: predictions within 20 % of the whole", f"{honest(job, told):.0%}", "100%")
        left = f"{honest(job, told, of_what_is_left=True):.0%}"
        say(f"{count} of one core: predictions within 20 % of what is left", left, "")
        fractions = [fraction for _, fraction, _ in job.looks if fraction is not None]
        say(f"{count} of one core: the fraction never falls", fractions == sorted(fractions), "True")
    say(f"two workers, of the time of one ({took[0]:.0f} s)", f"{took[1] / took[0]:.2f}", "0.60")


def whole(bench: Bench) -> None:
    """Against pieces, by one worker on all cores."""
    every = [set().union(*cores())]
    bench.work(every, PIECE_SECONDS="1000000")
    _, once = bench.compressed()
    bench.work(every)
    _, pieced = bench.compressed()
    sizes, vmafs = ([told["result"][name] for told in (once, pieced)] for name in ("size", "vmaf"))
    say("bytes in pieces, of those of the whole", f"{sizes[1] / sizes[0]:.4f}", "1.0050")
    say("VMAF in pieces, and whole", f"{vmafs[1]} ({pieced['result']['vmaf_lowest']} at the lowest), {vmafs[0]}", "")
    say(f"time in pieces, of that of the whole ({seconds(once):.0f} s)", f"{seconds(pieced) / seconds(once):.2f}", "")


def resumed(bench: Bench) -> None:
    """All workers are killed when nine tenths of the pieces are done."""
    bench.work(list(cores()))
    job = bench.product.submit(bench.film)
    job.until(lambda told: done_of(job) >= 0.9)
    bench.product.kill_workers()
    killed, kept = time.time(), [piece for piece in job.pieces() if piece.state == "done"]
    bench.work(list(cores()))
    told = job.complete()
    again = set(kept) - set(job.pieces())
    say(f"finished pieces made again, of {len(kept)}", len(again), "0")
    say(f"pieces that were lost, of {len(list(cores()))} running", sum(piece.losses for piece in job.pieces()), "")
    before = killed - moment(told["started_at"].removesuffix("Z"))
    rest = seconds(told) - before
    say(f"time of the rest, of what came before ({before:.0f} s)", f"{rest / before:.2f}", "")


def fair(bench: Bench) -> None:
    """Short clips begin within a piece of somebody else's film; one job among a hundred of somebody else's too."""
    bench.work([set().union(*cores())])
    clip = cut_off(bench.film, bench.film.with_name("clip.mp4"), CLIP_SECONDS)
    film = bench.product.submit(bench.film, OTHER)
    film.until(lambda told: done_of(film) > 0)
    clips = [bench.product.submit(clip) for _ in range(CLIPS)]
    clips[0].until(lambda told: told["started_at"])
    begun = moment(clips[0].row("started_at"))
    wait = begun - moment(clips[0].row("queued_at"))
    piece = statistics.fmean(piece.took for piece in film.pieces() if piece.took)
    say(f"the first of {CLIPS} clips behind a film begins after so many pieces", f"{wait / piece:.2f}", "1.00")
    clips[1].until(lambda told: told["started_at"])
    film.until(lambda told: any(p.started_at and moment(p.started_at) > begun for p in film.pieces()))
    say("the film moves meanwhile", True, "True")
    for job in (film, *clips):
        job.cancel()
    jobs = [bench.product.submit(clip) for _ in range(MANY)]
    jobs[1].until(lambda told: told["started_at"])
    single = bench.product.submit(clip, OTHER)
    single.until(lambda told: told["started_at"])
    queued, begun = (moment(single.row(column)) for column in ("queued_at", "started_at"))
    between = sum(queued < moment(at) < begun for job in jobs if (at := job.row("started_at")))
    say(f"jobs of another, with {MANY}, that begin before a single one", between, "1")
    for job in (single, *jobs):
        job.cancel()


def quick(bench: Bench) -> None:
    """A poll under full load takes at most three times as long as on an idle machine."""
    bench.work([set().union(*cores())])
    clip = bench.product.submit(cut_off(bench.film, bench.film.with_name("polled.mp4"), CLIP_SECONDS))
    clip.complete()
    idle = latencies(clip)
    film = bench.product.submit(bench.film)
    film.until(lambda told: (told["progress"] or {}).get("phase") == "encode")
    loaded = latencies(clip)
    if film.look()["state"] != "running":
        raise SystemExit("The film was done before its polls were: ask for a longer one.")
    film.cancel()
    for name, at in (("p50", 0.5), ("p99", 0.99)):
        quiet, busy = (sorted(times)[int(at * len(times))] for times in (idle, loaded))
        goal = "3.00" if name == "p99" else ""
        say(f"{name} of a poll under load, of that when idle ({1000 * quiet:.1f} ms)", f"{busy / quiet:.2f}", goal)


def latencies(job: Job) -> list[float]:
    """Seconds of polls of a finished job, some in a second."""
    connection = http.client.HTTPConnection("127.0.0.1", job.product.port)
    times = []
    for _ in range(POLLS):
        began = time.perf_counter()
        connection.request("GET", f"/jobs/{job.id}")
        connection.getresponse().read()
        times.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    return times


def seconds(told: dict) -> float:
    """From a job's beginning to its end."""
    began, ended = (moment(told[name].removesuffix("Z")) for name in ("started_at", "finished_at"))
    return ended - began


def honest(job: Job, told: dict, *, of_what_is_left: bool = False) -> float:
    """The share of looks, in the second half of a job, at which its end was predicted within a fifth."""
    ended = moment(told["finished_at"].removesuffix("Z"))
    half = ended - seconds(told) / 2
    looks = [(at, left) for at, _, left in job.looks if half <= at < ended]
    return statistics.fmean(
        left is not None and abs(at + left - ended) <= 0.2 * (ended - at if of_what_is_left else seconds(told))
        for at, left in looks
    )


def done_of(job: Job) -> float:
    pieces = job.pieces()
    return sum(piece.state == "done" for piece in pieces) / len(pieces) if pieces else 0.0


def say(what: str, figure: object, goal: str) -> None:
    print(f"| {what} | {figure} | {goal} |", flush=True)


SECTIONS: dict[str, Callable[[Bench], None]] = {
    "shared": shared,
    "whole": whole,
    "resumed": resumed,
    "fair": fair,
    "quick": quick,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ", ".join(SECTIONS)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"{names}; all, if none is named")
    parser.add_argument("--minutes", type=float, default=10, help="of the film that is made, or used")
    parser.add_argument("--film", type=Path, help="in place of the one that is made")
    asked = parser.parse_args()
    if unknown := set(asked.sections) - set(SECTIONS):
        parser.error(f"There is no section {', '.join(unknown)}.")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCHMARK_DIR")) as directory:
        path = Path(directory) / "film.mp4"
        length = 60 * asked.minutes
        film = cut_off(asked.film, path, length) if asked.film else make_film(path, length)
        data_dir = Path(directory) / "data"
        data_dir.mkdir()
        with Product(data_dir, **SETTINGS) as product:
            product.kill_workers()
            print(f"{asked.minutes:g} minutes; load {os.getloadavg()[0]:.1f}\n")
            print("| what | figure | goal |\n|---|---|---|")
            for name in asked.sections or SECTIONS:
                SECTIONS[name](Bench(product, film, length))


if __name__ == "__main__":
    main()
