"""What the search for a quality costs: a whole job of `balanced` against one encode by HandBrake, clip by clip.

    .venv/bin/python benchmarks/search.py [--repeat N] CLIP...

HandBrakeCLI is Debian's package handbrake-cli; it encodes once, with its preset Fast 1080p30 at its own quality.
Pictures only, as in benchmarks/compression.py. The best of N runs counts. Goal: at most 1.5 times on each clip.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.compression import handbrake, ours

QUALITY = 22  # HandBrake's own, of this preset
TARGET = 95  # VMAF, ours


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--repeat", type=int, default=2)
    given = parser.parse_args()
    print(f"{'':22} {'HandBrake':>10} {'balanced':>9} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as directory:
        target = Path(directory) / "out.mp4"
        for clip in given.clips:
            theirs = _best(given.repeat, lambda clip=clip: handbrake(clip, target, QUALITY))
            own = _best(given.repeat, lambda clip=clip: ours("balanced")(clip, target, TARGET))
            print(f"{clip.name:22} {theirs:9.2f}s {own:8.2f}s {own / theirs:6.2f}", flush=True)


def _best(repeat: int, run: Callable[[], object]) -> float:
    return min(_seconds(run) for _ in range(repeat))


def _seconds(run: Callable[[], object]) -> float:
    began = time.monotonic()
    run()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
