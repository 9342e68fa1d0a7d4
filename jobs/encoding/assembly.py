"""Joining the pieces of a film, with all that is beside the picture, and verifying what came of it."""

import shutil
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from jobs.encoding.account import Account, Decoded
from jobs.encoding.args import EncodeArgs
from jobs.encoding.clock import CannotCut
from jobs.encoding.encode import Encoded, plan_of
from jobs.encoding.encoder import Outcome, add_chapters, already_small, finished, tried_twice
from jobs.encoding.piece_commands import join_command
from jobs.encoding.pieces import FILE
from jobs.encoding.plan import Plan
from jobs.encoding.preparation import is_hopeless
from jobs.encoding.progress import Report
from jobs.encoding.session import EncodeSession, Outgrown, RunResult
from jobs.encoding.verify import verify_seconds

JOIN_COST = 0.0002  # seconds for each second of film
SOUND_COST = 0.02  # on top, for each sound that is encoded anew


class Piece(NamedTuple):
    """One that is done: the folder in which its files lie by their names, and what `PieceMade` said."""

    folder: Path
    frames: int
    vmaf: float | None
    facts: Mapping[str, Any]


def assemble(args: EncodeArgs, plan: Plan, pieces: Sequence[Piece], workdir: Path, report: Report) -> Outcome:
    """`pieces` in the order of the film: all of them, or as many as show that no result is worth having.

    Raises a JobFailure, CannotCut, or Stopped when `report` answers False.
    """
    pieces = [Piece(*piece) for piece in pieces]
    if len({piece.facts["headers"] for piece in pieces}) > 1:
        raise CannotCut("the encoder gave its pieces different headers")
    return tried_twice(lambda session: _assemble(session, plan, pieces), plan.applied_to(args), workdir, report)


def _assemble(session: EncodeSession, plan: Plan, pieces: Sequence[Piece]) -> Outcome:
    if is_hopeless(plan, sum((piece.folder / FILE).stat().st_size for piece in pieces)):
        return already_small(session, plan.asked)
    add_chapters(session)
    session.reads = tuple(piece.folder.resolve() for piece in pieces)
    session.estimator.expect(encode=_join_seconds(session), verify=verify_seconds(session.options, session.media))
    try:
        encoded = _joined(session, plan, pieces)
    except Outgrown:
        encoded = None
    _gather_stills(session, pieces)
    return finished(session, encoded, plan.asked, plan.notes)


def _joined(session: EncodeSession, plan: Plan, pieces: Sequence[Piece]) -> Encoded:
    media, tracks, target = session.media, plan_of(session), session.workdir / "result"
    listed = _list(session.workdir / "pieces", pieces)
    argv = join_command(session.args, listed, pieces[0].facts["first"], target, tracks)
    most = None if plan.asked.changes_more else media.size
    expected = _join_seconds(session)
    run = session.run(argv, "encode", media_seconds=media.duration, expected=expected, most_bytes=most)
    return Encoded(
        target,
        tracks,
        sum(piece.frames for piece in pieces),
        _account(session, run, pieces),
        "\n".join([run.log, *(f"Piece {n}: {p.facts['log']}" for n, p in enumerate(pieces) if p.facts["log"])]),
        crf=statistics.median_low(piece.facts.get("crf", plan.crf) for piece in pieces),
        vmaf=_mean_vmaf(pieces),
        vmaf_lowest=_lowest_vmaf(pieces),
    )


def _list(path: Path, pieces: Sequence[Piece]) -> Path:
    """For ffmpeg's demuxer `concat`. Without the durations, each piece would begin where the last one's file ends."""
    lines = ["ffconcat version 1.0"]
    lasts = [after.facts["first"] - piece.facts["first"] for piece, after in pairwise(pieces)]
    for piece, lasts_for in zip(pieces, [*lasts, None], strict=True):
        lines.append("file " + _quoted(piece.folder.resolve() / FILE))
        if lasts_for is not None:
            lines.append(f"duration {lasts_for:.6f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"


def _account(session: EncodeSession, run: RunResult, pieces: Sequence[Piece]) -> Account:
    """Of the sound from the run that joined them, of the picture from the pieces."""
    frames = sum(piece.frames for piece in pieces)
    picture = Decoded(session.media.frames or frames, frames, sum(piece.facts["errors"] for piece in pieces))
    streams = {**run.account.streams, session.media.video_stream: picture}
    return replace(run.account, streams=streams, encoded=frames)


def _mean_vmaf(pieces: Sequence[Piece]) -> float | None:
    """Over all pictures; None unless every piece was measured."""
    scores = [(piece.vmaf, piece.frames) for piece in pieces if piece.vmaf is not None]
    if len(scores) < len(pieces):
        return None
    return round(sum(vmaf * frames for vmaf, frames in scores) / sum(frames for _, frames in scores), 2)


def _lowest_vmaf(pieces: Sequence[Piece]) -> float | None:
    scores = [piece.vmaf for piece in pieces if piece.vmaf is not None]
    return min(scores) if len(scores) == len(pieces) else None


def _gather_stills(session: EncodeSession, pieces: Sequence[Piece]) -> None:
    for piece in pieces:
        for still in piece.folder.glob("frame-*-source.jpg"):
            shutil.copyfile(still, session.workdir / still.name)


def _join_seconds(session: EncodeSession) -> float:
    anew = sum(track.options["c"] != "copy" for track in plan_of(session).tracks if track.kind == "a")
    return (JOIN_COST + SOUND_COST * int(anew)) * (session.media.duration or 0.0)
