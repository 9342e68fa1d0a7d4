"""What confining a child costs: the same child with and without it, by turns.

    .venv/bin/python benchmarks/sandbox.py [--repeat N]

ffmpeg is asked for its version; Python, which looks at a source, imports and calls what it needs to confine itself.
Time on processors counts, of parent and child together, since other work on the machine changes it least; the median
of N runs. Goal: under 20 ms a child.
"""

import argparse
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jobs.encoding import ffmpeg_binary
from jobs.sandbox.confinement import Limits, confined_program

ROOT = Path(__file__).resolve().parent.parent
IMPORTS = "import sys; sys.path.insert(0, sys.argv[1]); import pathlib, jobs.inspection.look"
CONFINES = "; from jobs.sandbox.confinement import confine_self; confine_self(pathlib.Path('/dev/null'))"
Confine = AbstractContextManager[Callable[[], None]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=30)
    repeat = parser.parse_args().repeat
    ffmpeg = [ffmpeg_binary(), "-version"]
    looks = [sys.executable, "-I", "-c", IMPORTS, str(ROOT)]
    confines = [*looks[:3], IMPORTS + CONFINES, str(ROOT)]
    print(f"{'':10} {'free':>9} {'confined':>9} {'cost':>9}")
    _compare("ffmpeg", repeat, lambda: _ran(ffmpeg, _free()), lambda: _ran(ffmpeg, _confined(ffmpeg[0])))
    _compare("inspection", repeat, lambda: _ran(looks, _free()), lambda: _ran(confines, _free()))


def _compare(name: str, repeat: int, free: Callable[[], float], confined: Callable[[], float]) -> None:
    pairs = [(free(), confined()) for _ in range(repeat)]
    before, after = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    print(f"{name:10} {before:6.1f} ms {after:6.1f} ms {after - before:6.1f} ms")


def _free() -> Confine:
    return nullcontext(Limits().apply)


def _confined(binary: str) -> Confine:
    return confined_program(binary, (ROOT / "README.md",), (ROOT / "benchmarks",), Limits())


def _ran(argv: list[str], confine: Confine) -> float:
    began = _spent()
    with confine as apply:
        subprocess.run(argv, stdout=subprocess.DEVNULL, env={}, check=True, preexec_fn=apply)
    return _spent() - began


def _spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
