"""How often the truth lies in what was told beforehand, on a server that is new and on one that has learned.

    .venv/bin/python benchmarks/estimates.py [--recipe balanced] [--seconds 20] CLIP...

Each clip is told of twice: by the benchmarks alone, and by what the clips before it have shown. Wanted are 8 of 10.
Times depend on what else the machine does. `--seconds` leaves out what is longer.
"""

import argparse
import math
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jobs import encoding
from jobs.encoding.estimate import Estimate, Learned, Seen, density_of, estimate, known, pace_of

FADING = 0.97  # as in jobs/estimates.py


@dataclass
class Score:
    told: int = 0
    bytes_right: int = 0
    seconds_right: int = 0

    def count(self, said: Estimate, size: int, seconds: float) -> str:
        self.told += 1
        right = [low <= value <= high for (low, high), value in ((said.bytes, size), (said.seconds, seconds))]
        self.bytes_right += right[0]
        self.seconds_right += right[1]
        told = f"{said.bytes[0] / 1000:.0f} to {said.bytes[1] / 1000:.0f} kB, {said.seconds[0]} to {said.seconds[1]} s"
        return f"{told:36} {'yes' if right[0] else 'NO':4} {'yes' if right[1] else 'NO':4}"

    def __str__(self) -> str:
        return f"bytes {self.bytes_right} of {self.told}, seconds {self.seconds_right} of {self.told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--recipe", action="append", help="may be given more than once; balanced unless told")
    parser.add_argument("--seconds", type=float, default=math.inf)
    arguments = parser.parse_args()
    new, taught = Score(), Score()
    print(f"{'clip':20} {'recipe':9} {'came':18} {'told by benchmarks':46} told by what was learned")
    for recipe in arguments.recipe or ["balanced"]:
        learned = Learned()
        for clip in arguments.clips:
            learned = tell(clip, recipe, learned, (new, taught), arguments.seconds)
    print(f"By benchmarks: {new}. By what was learned: {taught}.")


def tell(clip: Path, recipe: str, learned: Learned, scores: tuple[Score, Score], longest: float) -> Learned:
    """One clip; answers what is known after it."""
    options, media = encoding.parse_options({"recipe": recipe}), encoding.inspect(clip)
    if (media.duration or 0) > longest:
        return learned
    fields = known(media.as_dict())
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as workdir:
        outcome = encoding.compress(encoding.EncodeArgs(options, media, clip), Path(workdir), lambda progress: True)
        size, seconds = outcome.path.stat().st_size, time.monotonic() - began
    said = [
        score.count(estimate(options, fields, known_then), size, seconds)
        for score, known_then in zip(scores, (Learned(), learned), strict=True)
    ]
    density, pace = density_of(options, fields, size), pace_of(options, fields, seconds)
    log = f"{density:+.2f} {math.exp(pace):.4f}"
    print(f"{clip.name:20} {recipe:9} {size / 1000:7.0f} kB {seconds:5.1f} s {said[0]} {said[1]} {log}", flush=True)
    more = replace(learned, density=add(learned.density, density))
    return more if outcome.is_source else replace(more, pace=add(learned.pace, pace))


def add(seen: Seen, value: float) -> Seen:
    return Seen(seen.count * FADING + 1, seen.total * FADING + value, seen.squares * FADING + value**2)


if __name__ == "__main__":
    main()
