"""What films in pieces promise: shared, as small as whole, resumed, fair, polite, and honest about the time left.

    python benchmarks/film.py [SECTION...] [--minutes 10] [--recipe balanced] [--film FILE]

Starts a product of its own, and makes a film from real clips unless one is named. Each section prints lines, most of
them with a goal; figures are ratios within the same run, and count on a machine that does nothing else. Pieces are a
tenth of the film long, a minute by default.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.film_ground import OTHER, PROGRAM, Job, Piece, Product, cores, cut_off, make_film, moment, pictures

PIECES = 10
CLIPS, CLIP_SECONDS = 50, 10
MANY = 100
KILL_EVERY = 20  # seconds
POLLS, PAUSE = 1000, 0.04  # seconds between two of them
SETTINGS = {"JOB_LEASE": "30", "SWEEP_INTERVAL": "5", "NICE": "10"}  # what they are by default, and not as in tests


class Bench:
    def __init__(self, product: Product, film: Path, seconds: float, recipe: str):
        self.product, self.film, self.seconds, self.recipe = product, film, seconds, recipe

    def work(self, workers: list[set[int]], **settings: str) -> None:
        """With these workers from now on; each works with as many threads as it has cores."""
        self.product.kill_workers()
        self.start(workers, **settings)
        time.sleep(5)

    def start(self, workers: list[set[int]], **settings: str) -> None:
        pieces = {"PIECE_SECONDS": str(self.seconds / PIECES)}
        self.product.start_workers(workers, **{**pieces, "THREADS": str(len(workers[0])), **settings})

    def submit(self, source: Path, address: str = PROGRAM) -> Job:
        return self.product.submit(source, address, self.recipe)

    def compressed(self) -> Job:
        job = self.submit(self.film)
        job.complete()
        return job


def shared(bench: Bench) -> None:
    """Two workers of one core each take at most 0.6 of the time of one; and what was said of the time left."""
    took = []
    for count in (1, 2):
        bench.work(list(cores())[:count])
        job = bench.compressed()
        took.append(job.took)
        say(f"{count} of one core: predictions within 20 % of the whole", f"{job.share_of_true_etas():.0%}", "100%")
        left = f"{job.share_of_true_etas(of_what_is_left=True):.0%}"
        say(f"{count} of one core: predictions within 20 % of what is left", left, "")
        fractions = [fraction for _, fraction, _ in job.looks if fraction is not None]
        say(f"{count} of one core: the fraction never falls", fractions == sorted(fractions), "True")
    say(f"two workers, of the time of one ({took[0]:.0f} s)", f"{took[1] / took[0]:.2f}", "0.60")


def whole(bench: Bench) -> None:
    """Against pieces, by one worker on all cores."""
    every = [set().union(*cores())]
    bench.work(every, PIECE_SECONDS="1000000")
    once = bench.compressed()
    bench.work(every)
    pieced = bench.compressed()
    a, b = (job.look()["result"] for job in (once, pieced))
    say("bytes in pieces, of those of the whole", f"{b['size'] / a['size']:.4f}", "1.0050")
    say("VMAF in pieces, and whole", f"{b['vmaf']} ({b['vmaf_lowest']} at the lowest), {a['vmaf']}", "")
    say(f"time in pieces, of that of the whole ({once.took:.0f} s)", f"{pieced.took / once.took:.2f}", "")


def resumed(bench: Bench) -> None:
    """All workers are killed when nine tenths of the pieces are done."""
    bench.work(list(cores()))
    job, began = bench.submit(bench.film), time.time()
    job.until(lambda told: job.share_made() >= 0.9 and job.pieces("running"))
    bench.product.kill_workers()
    killed, kept = time.time(), job.pieces("done")
    bench.work(list(cores()))
    job.complete()
    again = set(kept) - set(job.pieces())
    say(f"finished pieces made again, of {len(kept)}", len(again), "0")
    say(f"pieces that were lost, of {len(list(cores()))} running", sum(piece.losses for piece in job.pieces()), "")
    before, rest = killed - began, moment(job.row("finished_at")) - killed
    say(f"time of the rest, of what came before ({before:.0f} s)", f"{rest / before:.2f}", "")


def killed(bench: Bench) -> None:
    """All workers are killed every 20 seconds, for as long as the film takes."""
    bench.work(list(cores()))
    job, kills = bench.submit(bench.film), 0
    done: dict[int, Piece] = {}
    again = set()
    deadline = time.time() + KILL_EVERY
    while not (told := job.look())["is_final"]:
        if time.time() >= deadline:
            bench.product.kill_workers()
            kills, deadline = kills + 1, time.time() + KILL_EVERY
            now = {piece.number: piece for piece in job.pieces("done")}
            again |= {number for number in done if now.get(number) != done[number]}
            done = now
            bench.start(list(cores()))
        time.sleep(0.5)
    say(f"a film whose workers are killed every {KILL_EVERY} s, {kills} times", told["state"], "completed")
    say("finished pieces made again", len(again), "0")
    say("tries of its pieces beyond the first", sum(piece.attempt - 1 for piece in job.pieces()), "")
    if told["state"] != "completed":
        return
    source, result = pictures(bench.film), pictures(job.fetch(bench.film.with_name("result.mp4")))
    off = max((abs(a - b) for a, b in zip(source, result, strict=True)), default=0)
    say(f"seconds by which a picture of {len(source)} is shown at another time", f"{off:.6f}", "0.000100")


def fair(bench: Bench) -> None:
    """Short clips begin within a piece of somebody else's film; one job among a hundred of somebody else's too."""
    bench.work([set().union(*cores())])
    clip = cut_off(bench.film, bench.film.with_name("clip.mp4"), CLIP_SECONDS)
    film = bench.submit(bench.film, OTHER)
    film.until(lambda told: film.pieces("done"))
    clips = [bench.submit(clip) for _ in range(CLIPS)]
    clips[0].until(lambda told: told["started_at"])
    queued, begun = (moment(clips[0].row(column)) for column in ("queued_at", "started_at"))
    first = sum(queued < moment(piece.started_at) < begun for piece in film.pieces() if piece.started_at)
    say(f"pieces of a film that begin before the first of {CLIPS} clips of another", first, "0")
    piece = statistics.fmean(piece.took for piece in film.pieces("done"))
    say(f"that clip's wait, of the time of a piece ({piece:.0f} s)", f"{(begun - queued) / piece:.2f}", "1.00")
    film.until(lambda told: any(moment(p.started_at) > begun for p in film.pieces() if p.started_at))
    ahead = sum(bool(clip.row("started_at")) for clip in clips)
    say("clips that begin before the film's next piece does", ahead, "")
    for job in (film, *clips):
        job.cancel()
    jobs = [bench.submit(clip) for _ in range(MANY)]
    jobs[1].until(lambda told: told["started_at"])
    single = bench.submit(clip, OTHER)
    single.until(lambda told: told["started_at"])
    queued, begun = (moment(single.row(column)) for column in ("queued_at", "started_at"))
    between = sum(queued < moment(at) < begun for job in jobs if (at := job.row("started_at")))
    say(f"jobs of another, with {MANY}, that begin before a single one", between, "1")
    for job in (single, *jobs):
        job.cancel()


def quick(bench: Bench) -> None:
    """A poll under full load takes at most three times as long as on an idle machine."""
    bench.work([set().union(*cores())])
    clip = bench.submit(cut_off(bench.film, bench.film.with_name("polled.mp4"), CLIP_SECONDS))
    clip.complete()
    idle = clip.poll_times(POLLS, PAUSE)
    film = bench.submit(bench.film)
    film.until(lambda told: (told["progress"] or {}).get("phase") == "encode")
    loaded = clip.poll_times(POLLS, PAUSE)
    if film.look()["state"] != "running":
        raise SystemExit("The film was done before its polls were: ask for a longer one.")
    film.cancel()
    for name, at in (("p50", 0.5), ("p99", 0.99)):
        quiet, busy = (sorted(times)[int(at * len(times))] for times in (idle, loaded))
        goal = "3.00" if name == "p99" else ""
        say(f"{name} of a poll under load, of that when idle ({1000 * quiet:.1f} ms)", f"{busy / quiet:.2f}", goal)


def say(what: str, figure: object, goal: str) -> None:
    print(f"| {what} | {figure} | {goal} |", flush=True)


SECTIONS: dict[str, Callable[[Bench], None]] = {
    "shared": shared,
    "whole": whole,
    "resumed": resumed,
    "killed": killed,
    "fair": fair,
    "quick": quick,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ", ".join(SECTIONS)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"{names}; all, if none is named")
    parser.add_argument("--minutes", type=float, default=10, help="of the film that is made, or used")
    parser.add_argument("--recipe", default="balanced")
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
                SECTIONS[name](Bench(product, film, length, asked.recipe))


if __name__ == "__main__":
    main()
