"""How far a film in pieces is: one fraction over all of its pieces and workers, and the time that is left.

The pace is what the pieces have shown so far: seconds of work for a second of film. As many of them are made at a time
as workers are at it now. The fraction never falls, not even where a worker was lost with half a piece.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from jobs.states import PieceState

ASSEMBLY_SHARE = 0.02  # of the fraction, for joining the pieces and checking the result
MOST_CELLS = 60  # on the page; several pieces of a long film share one


@dataclass(frozen=True)
class Made:
    """A piece: `seconds` of film, of which `fraction` is made; `took` seconds of work so far, `bytes` once done."""

    state: str
    seconds: float
    fraction: float
    took: float
    bytes: int | None = None

    @property
    def made(self) -> float:
        return self.seconds if self.state == PieceState.DONE else self.seconds * self.fraction


@dataclass(frozen=True)
class Prepared:
    """What preparing the film found: the fraction that it took, and the bytes that the result should have.

    Of those, `beside` are not the picture's.
    """

    fraction: float = 0.0
    bytes: float | None = None
    beside: float = 0.0


Row = tuple[str, float, float, float | None, datetime | None, int | None]


def read_pieces(rows: Iterable[Row], now: datetime) -> list[Made]:
    """Of rows of state, seconds, fraction, took, started_at and bytes, in the order of the film."""
    return [
        Made(state, seconds, fraction, took if took is not None else _since(state, started_at, now), size)
        for state, seconds, fraction, took, started_at, size in rows
    ]


def overall(pieces: Sequence[Made], prepared: Prepared, told: dict[str, Any]) -> dict[str, Any]:
    """The progress of the whole. `told`: what was said last."""
    total = sum(piece.seconds for piece in pieces) or 1.0
    made = _share_made(pieces) * total
    running = sum(piece.state == PieceState.RUNNING for piece in pieces)
    fraction = prepared.fraction + (1 - ASSEMBLY_SHARE - prepared.fraction) * made / total
    pace = _pace(pieces)
    return {
        "phase": "encode",
        "fraction": round(max(fraction, told.get("fraction") or 0.0), 4),
        "fps": None,
        "speed": round(running / pace, 3) if pace and running else None,
        "eta_seconds": round((total - made) * pace / max(1, running), 1) if pace else None,
        "bytes": None,
        "expected_bytes": heading_for(pieces, prepared),
        "pieces": {
            "done": sum(piece.state == PieceState.DONE for piece in pieces),
            "total": len(pieces),
            "kept": (told.get("pieces") or {}).get("kept", 0.0),
            "cells": cells(pieces),
        },
    }


def heading_for(pieces: Sequence[Made], prepared: Prepared) -> int | None:
    """Bytes of the result: those that are made, and for the rest what was expected, as far as those bear it out.

    What was expected counts as much as one piece that is done. None: nothing says anything.
    """
    done = [piece for piece in pieces if piece.bytes is not None]
    total, seconds = sum(piece.seconds for piece in pieces) or 1.0, sum(piece.seconds for piece in done)
    made = sum(piece.bytes or 0 for piece in done)
    if prepared.bytes is None and not seconds:
        return None
    weight = 0.0 if prepared.bytes is None else total / len(pieces)
    expected = ((prepared.bytes or 0.0) - prepared.beside) / total  # for each second
    rate = (made + weight * expected) / (seconds + weight)
    return round(made + rate * (total - seconds) + prepared.beside)


def share_done(pieces: Sequence[Made]) -> float:
    """Of the film: what no crash takes away any more."""
    total = sum(piece.seconds for piece in pieces) or 1.0
    return round(sum(piece.seconds for piece in pieces if piece.state == PieceState.DONE) / total, 4)


def cells(pieces: Sequence[Made]) -> list[float]:
    """How much of each stretch is made, in the order of the film."""
    count = min(MOST_CELLS, len(pieces))
    edges = [round(number * len(pieces) / count) for number in range(count + 1)]
    groups = [pieces[begins:ends] for begins, ends in pairwise(edges)]
    return [round(_share_made(group), 2) for group in groups]


def _share_made(pieces: Sequence[Made]) -> float:
    return sum(piece.made for piece in pieces) / (sum(piece.seconds for piece in pieces) or 1.0)


def _pace(pieces: Sequence[Made]) -> float | None:
    """Seconds of work for a second of film. A piece that has only just begun says nothing yet."""
    telling = [piece for piece in pieces if piece.state == PieceState.DONE or piece.fraction > 0.1]
    made = sum(piece.made for piece in telling)
    return sum(piece.took for piece in telling) / made if made else None


def _since(state: str, started_at: datetime | None, now: datetime) -> float:
    return (now - started_at).total_seconds() if state == PieceState.RUNNING and started_at else 0.0
