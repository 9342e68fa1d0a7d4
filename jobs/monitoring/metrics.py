"""What `/metrics` tells, in Prometheus' text format 0.0.4. Numbers only, and nobody's names."""

from collections.abc import Iterator

from jobs import queue, totals
from jobs.states import PieceState, State
from jobs.storage import storage
from jobs.unreachable import RedisUnreachable

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text() -> str:
    return "\n".join([*_jobs(), *_failures(), *_pieces(), *_queue(), *_bytes(), *_kept_sources(), ""])


def _jobs() -> Iterator[str]:
    counted = totals.jobs_by_state()
    yield from _heading("jobs", "Jobs by state; those that ended are counted once a minute.")
    for state in State:
        yield f'compressor_jobs{{state="{state}"}} {counted.get(state, 0)}'


def _kept_sources() -> Iterator[str]:
    says = "Sources that are kept for another recipe and go when room is needed; counted once a minute."
    return _gauge("kept_source_bytes", says, totals.kept_source_bytes())


def _failures() -> Iterator[str]:
    says = f"Of the newest {totals.NEWEST_FAILURES} failed jobs, by the code of their error; counted once a minute."
    yield from _heading("newest_failures", says)
    for code, count in totals.newest_failures().items():
        yield f'compressor_newest_failures{{code="{code}"}} {count}'


def _pieces() -> Iterator[str]:
    counted = totals.pieces_by_state()
    yield from _heading("pieces", "Pieces of live jobs by state.")
    for state in PieceState:
        yield f'compressor_pieces{{state="{state}"}} {counted.get(state, 0)}'


def _queue() -> Iterator[str]:
    """Nothing, while Redis is unreachable: what is not known is left out, as Prometheus expects."""
    try:
        length, workers, blind = queue.length(), queue.live_workers(), queue.blind_workers()
        film = queue.film_seconds()
    except RedisUnreachable:
        return
    yield from _gauge("queue_length", "Turns that wait in Redis to be taken.", length)
    yield from _gauge("live_workers", "Workers that Redis has heard of lately.", workers)
    yield from _gauge("blind_workers", "Workers that take no jobs, since they do not see the files.", blind)
    yield from _heading("film_seconds_total", "Seconds of film that were compressed.", "counter")
    yield f"compressor_film_seconds_total {film:.1f}"


def _bytes() -> Iterator[str]:
    yield from _gauge("free_bytes", "Room on the disk.", max(0, storage.free_bytes()))
    yield from _gauge("total_bytes", "Of the disk, free or not.", storage.total_bytes())
    yield from _gauge(
        "saved_bytes", "By how much all videos became smaller; of those remembered.", totals.saved_by_all()
    )


def _gauge(name: str, says: str, value: int) -> Iterator[str]:
    yield from _heading(name, says)
    yield f"compressor_{name} {value}"


def _heading(name: str, says: str, kind: str = "gauge") -> Iterator[str]:
    yield f"# HELP compressor_{name} {says}"
    yield f"# TYPE compressor_{name} {kind}"
