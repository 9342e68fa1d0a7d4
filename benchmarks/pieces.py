"""What cutting a film into pieces costs: whole against pieces, film by film.

    .venv/bin/python benchmarks/pieces.py [--recipe fast] [--piece-seconds 60] FILM...

Goals: with `fast`, whose CRF is the same for both, at most 0.5 % more bytes at 60 seconds; and no visible seam: the 12
frames around each cut are, in the mean, not below the 5th percentile of the film made whole.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import scores
from jobs import encoding
from jobs.encoding import EncodeArgs, Outcome, Piece, Plan

AROUND = 6  # frames on each side of a cut


@dataclass(frozen=True)
class Made:
    """`seams` are the numbers of the frames before which it was cut."""

    outcome: Outcome
    seconds: float
    seams: Sequence[int] = ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("--recipe", default="fast")
    parser.add_argument("--codec")
    parser.add_argument("--piece-seconds", type=float, default=60.0)
    given = parser.parse_args()
    options = {"recipe": given.recipe, **({"codec": given.codec} if given.codec else {})}
    print(f"{'':22} {'bytes':>22} {'VMAF':>13} {'5th':>6} {'worst seam':>10} {'seconds':>15}")
    for film in given.films:
        with tempfile.TemporaryDirectory() as directory:
            args = EncodeArgs(
                encoding.parse_options(options),
                encoding.inspect(film),
                film,
                piece_seconds=given.piece_seconds,
            )
            compare(args, Path(directory))


def compare(args: EncodeArgs, directory: Path) -> None:
    whole, pieces = made_whole(args, directory / "whole"), made_in_pieces(args, directory / "pieces")
    before, after = (scores(args.source, made.outcome.path) for made in (whole, pieces))
    sizes = [made.outcome.path.stat().st_size for made in (whole, pieces)]
    seams = [statistics.mean(after[max(0, at - AROUND) : at + AROUND]) for at in pieces.seams]
    print(
        f"{args.source.name:22} {sizes[0]:>12,} {sizes[1] / sizes[0] - 1:>+9.2%}"
        f" {statistics.mean(before):6.2f} {statistics.mean(after):6.2f} {sorted(before)[len(before) // 20]:6.2f}"
        f" {min(seams):10.2f} {whole.seconds:7.1f} {pieces.seconds:7.1f}",
        flush=True,
    )


def made_whole(args: EncodeArgs, workdir: Path) -> Made:
    workdir.mkdir()
    began = time.monotonic()
    outcome = encoding.compress(args, workdir, lambda progress: True)
    return Made(outcome, time.monotonic() - began)


def made_in_pieces(args: EncodeArgs, directory: Path) -> Made:
    began, pieces, seams = time.monotonic(), [], [0]
    plan = encoding.prepare(args, _folder(directory, "prepare"), lambda progress: True)
    if not isinstance(plan, Plan):
        raise SystemExit(f"{args.source.name} stays whole. {plan.log.partition(chr(10))[0]}")
    for number, stretch in enumerate(plan.stretches):
        folder = _folder(directory, f"piece-{number}")
        made = encoding.encode_piece(args, plan, stretch, folder, lambda progress: True)
        pieces.append(Piece(folder, made.frames, made.vmaf, made.facts))
        seams.append(seams[-1] + made.frames)
    outcome = encoding.assemble(args, plan, pieces, _folder(directory, "assembly"), lambda progress: True)
    return Made(outcome, time.monotonic() - began, seams[1:-1])


def _folder(directory: Path, name: str) -> Path:
    folder = directory / name
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
