"""Our recipes against plain x264 and HandBrake, on given clips: bytes, VMAF, CPU seconds, BD-rate.

    .venv/bin/python benchmarks/compression.py [--plot docs/compression.svg] CLIP...

Pictures only (no sound), so that codecs are compared and not audio bit rates. Every encoder runs at several
qualities; a row shows the one nearest to VMAF 95. BD-rate is the mean difference of bytes at equal VMAF over the
range that both reach, against HandBrake's preset (HandBrakeCLI is Debian's package handbrake-cli). `time` is of
the whole job: search, verification and stills included.
"""

import argparse
import itertools
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measure import Score, vmaf
from jobs import encoding

BASELINE = "handbrake fast"
SHIFTS = (0, 1, 2)  # frames that an encoder may have dropped at the start; the best match counts
TARGETS = (85, 90, 95, 97)


@dataclass(frozen=True)
class Point:
    """One encode. `is_default` where the encoder's own default quality was used."""

    bytes: int
    score: Score
    cpu: float
    seconds: float
    is_default: bool


def handbrake(source: Path, target: Path, quality: int) -> None:
    _run(
        "HandBrakeCLI",
        "-Z",
        "Fast 1080p30",
        "-a",
        "none",
        "--crop",
        "0:0:0:0",
        "-q",
        quality,
        "-i",
        source,
        "-o",
        target,
    )


def x264(source: Path, target: Path, crf: int) -> None:
    _run(encoding.ffmpeg_binary(), "-v", "error", "-y", "-i", source, "-map", "0:v:0", "-c:v", "libx264",
         "-preset", "medium", "-crf", crf, "-pix_fmt", "yuv420p", "-an", "-f", "mp4", target)  # fmt: skip


def ours(recipe: str) -> Callable[[Path, Path, int], None]:
    def encode(source: Path, target: Path, quality: int) -> None:
        options = encoding.parse_options({"recipe": recipe, "quality": quality, "audio": "drop"})
        with tempfile.TemporaryDirectory() as workdir:
            args = encoding.EncodeArgs(options, encoding.inspect(source), source)
            encoded = encoding.compress(args, Path(workdir), lambda progress: True)
            target.write_bytes(encoded.path.read_bytes())

    return encode


ENCODERS = {
    BASELINE: (handbrake, (30, 26, 22, 18), 22),
    "x264 medium": (x264, (31, 27, 23, 19), 23),
    "balanced": (ours("balanced"), TARGETS, 95),
    "small": (ours("small"), TARGETS, 95),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--plot", type=Path, help="write the curves there, as SVG")
    arguments = parser.parse_args()
    curves: dict[str, dict[str, list[Point]]] = {}
    print(f"{'clip':20} {'encoder':15} {'kB':>7} {'VMAF':>6} {'p5':>6} {'CPU s':>6} {'time s':>6} {'BD-rate':>8}")
    for clip in arguments.clips:
        curves[clip.name] = {name: measure(clip, name) for name in ENCODERS}
        for name, points in curves[clip.name].items():
            print(row(clip.name, name, points, curves[clip.name][BASELINE]), flush=True)
    for name in ENCODERS:
        rates = [bd_rate(points[BASELINE], points[name]) for points in curves.values()]
        print(f"{'mean':20} {name:15} {'':41} {sum(rates) / len(rates):+8.1%}")
    if arguments.plot:
        arguments.plot.write_text(plot(curves))


def measure(clip: Path, name: str) -> list[Point]:
    encode, qualities, default = ENCODERS[name]
    points = []
    for quality in qualities:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "encoded.mp4"
            cpu, began = _children_cpu(), time.monotonic()
            encode(clip, target, quality)
            took = _children_cpu() - cpu, time.monotonic() - began
            points.append(Point(target.stat().st_size, best_score(clip, target), *took, quality == default))
    return points


def best_score(clip: Path, encoded: Path) -> Score:
    """Whichever frames an encoder dropped at the start."""
    return max((vmaf(clip, encoded, shift) for shift in SHIFTS), key=lambda score: score.mean)


def row(clip: str, name: str, points: list[Point], baseline: list[Point]) -> str:
    shown = next(point for point in points if point.is_default)
    score = f"{shown.score.mean:6.1f} {shown.score.fifth_percentile:6.1f}"
    cost = f"{shown.cpu:6.1f} {shown.seconds:6.1f}"
    return f"{clip:20} {name:15} {shown.bytes / 1000:7.0f} {score} {cost} {bd_rate(baseline, points):+8.1%}"


def bd_rate(baseline: list[Point], points: list[Point]) -> float:
    """Mean difference of log bytes at equal VMAF, straight lines between the points (Bjøntegaard's idea)."""
    low = max(min(p.score.mean for p in curve) for curve in (baseline, points))
    high = min(max(p.score.mean for p in curve) for curve in (baseline, points))
    steps = [low + (high - low) * n / 20 for n in range(21)]
    differences = [_log_bytes(points, vmaf) - _log_bytes(baseline, vmaf) for vmaf in steps]
    return math.exp(sum(differences) / len(differences)) - 1


def _log_bytes(points: list[Point], vmaf: float) -> float:
    curve = sorted((p.score.mean, math.log(p.bytes)) for p in points)
    for (v0, b0), (v1, b1) in itertools.pairwise(curve):
        if vmaf <= v1:
            return b0 + (b1 - b0) * (max(vmaf, v0) - v0) / ((v1 - v0) or 1)
    return curve[-1][1]


COLOURS = dict(zip(ENCODERS, ("#888888", "#c77b00", "#1668dc", "#0a8f5b"), strict=True))
WIDTH, HEIGHT, MARGIN = 320, 220, 40


def plot(curves: dict[str, dict[str, list[Point]]]) -> str:
    """A panel a clip: VMAF upwards, kilobytes to the right (logarithmic)."""
    panels = [_panel(clip, by_name, number * WIDTH) for number, (clip, by_name) in enumerate(curves.items())]
    legend = "".join(
        f'<text x="{MARGIN + 130 * n}" y="{HEIGHT + 14}" fill="{colour}">{name}</text>'
        for n, (name, colour) in enumerate(COLOURS.items())
    )
    size = f'viewBox="0 0 {WIDTH * len(panels)} {HEIGHT + 24}"'
    style = 'font-family="sans-serif" font-size="12" fill="#555555"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{"".join(panels)}{legend}</svg>\n'


def _panel(clip: str, by_name: dict[str, list[Point]], left: float) -> str:
    sizes = [math.log(point.bytes) for points in by_name.values() for point in points]
    span = (max(sizes) - min(sizes)) or 1

    def at(point: Point) -> str:
        x = left + MARGIN + (math.log(point.bytes) - min(sizes)) / span * (WIDTH - 1.5 * MARGIN)
        y = MARGIN + (100 - max(80.0, point.score.mean)) / 20 * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f},{y:.1f}"

    lines = "".join(
        f'<polyline fill="none" stroke-width="2" stroke="{COLOURS[name]}" points="'
        + " ".join(at(point) for point in sorted(points, key=lambda point: point.bytes))
        + '"/>'
        for name, points in by_name.items()
    )
    kilobytes = f"{math.exp(min(sizes)) / 1000:.0f} to {math.exp(max(sizes)) / 1000:.0f} kB"
    words = f'<text x="{left + MARGIN}" y="20">{clip}: VMAF 80 to 100 over {kilobytes}</text>'
    box = f'x="{left + MARGIN}" y="{MARGIN}" width="{WIDTH - 1.5 * MARGIN}" height="{HEIGHT - 2 * MARGIN}"'
    return f'{words}<rect {box} fill="none" stroke="#bbbbbb"/>{lines}'


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(*command: object) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
