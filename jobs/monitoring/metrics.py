"""What `/metrics` tells, in Prometheus' text format 0.0.4. Numbers only, and nobody's names."""

from collections.abc import Iterator

from django.db.models import Count

from jobs import queue, totals
from jobs.models import Piece
from jobs.states import LIVE, PieceState, State
from jobs.storage import storage
from jobs.unreachable import RedisUnreachable

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text() -> str:
    free = max(0, storage.free_bytes())
    room = [*_gauge("free_bytes", "Room on the disk.", free), *_kept_sources()]
    return "\n".join([*_jobs(), *_pieces(), *_queue(), *room, ""])


def _jobs() -> Iterator[str]:
    counted = totals.jobs_by_state()
    yield from _heading("jobs", "Jobs by state; those that ended are counted once a minute.")
    for state in State:
        yield f'compressor_jobs{{state="{state}"}} {counted.get(state, 0)}'


def _kept_sources() -> Iterator[str]:
    says = "Sources that are kept for another recipe and go when room is needed; counted once a minute."
    return _gauge("kept_source_bytes", says, totals.kept_source_bytes())


def _pieces() -> Iterator[str]:
    """Of live jobs only, so that it does not cost more the more is kept."""
    pieces = Piece.objects.filter(job__state__in=LIVE).order_by()
    counted = dict(pieces.values_list("state").annotate(pieces=Count("*")))
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


def _gauge(name: str, says: str, value: int) -> Iterator[str]:
    yield from _heading(name, says)
    yield f"compressor_{name} {value}"


def _heading(name: str, says: str, kind: str = "gauge") -> Iterator[str]:
    yield f"# HELP compressor_{name} {says}"
    yield f"# TYPE compressor_{name} {kind}"
