"""Measuring quality: VMAF (Netflix, model v0.6.1) of an encode against what the encoder was fed, while it encodes.

The run decodes what its encoder just made (a loopback decoder) and compares it with a second output of the same
picture. Frames are paired by their number, so that neither variable rates nor containers' clocks can shift them.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.encoding.media import MediaInfo
from jobs.encoding.memory import processors
from jobs.encoding.options import Options

SMALLEST_SIDE = 96  # pixels; VMAF's features are made of four halvings, below this a larger picture is compared
SCORED = 60  # frames at least, of a clip that has so many times three; a third gives a mean within 0.1
FEW = 40
CAMBI = "name=cambi:full_ref=true"
MEASURE_COST = 0.012  # seconds per million pixels
# So that no pattern of B-frames is met again and again. Not 5: film on television repeats one picture in five, which
# scores otherwise than those between (by up to 2.5).
PRIMES = (3, 7, 11, 13, 17, 19, 23)


@dataclass(frozen=True)
class Score:
    """VMAF, and where it was asked for, CAMBI: how much the picture bands, from 5 on so that it annoys.

    `added_banding` is what the source does not have itself. All are means but one.
    """

    mean: float
    fifth_percentile: float
    banding: float = 0.0
    added_banding: float = 0.0


class NothingMeasured(Exception):
    """There was no pair of frames to compare."""


def can_be_measured(media: MediaInfo) -> bool:
    return min(media.width, media.height) >= 16


def measuring(
    options: Options, log: Path, frames: int | None, threads: int | None = None, *, banding: bool = False
) -> str:
    """The filter graph that compares the decoders 0 (what was made) and 1 (what it was made of)."""
    numbered = f"format={options.video_codec.pixel_format},settb=1/1000,setpts=N"
    given = {**vmaf_settings(log, frames, threads), "log_path": _quoted(str(log))}
    if banding:
        given["feature"] = _quoted(CAMBI)
    settings = ":".join(f"{name}={value}" for name, value in given.items())
    return f"[dec:0]{numbered}[made];[dec:1]{numbered}[fed];[made][fed]libvmaf={settings}[measured]"


def vmaf_settings(log: Path, frames: int | None, threads: int | None = None) -> dict[str, Any]:
    """Of ffmpeg's filter libvmaf. Without `threads`, it gets as many as there are processors."""
    scored = {"n_threads": threads or processors(), "n_subsample": _every(frames), "shortest": 1}
    return {**scored, "log_fmt": "json", "log_path": str(log)}


def read_score(log: Path) -> Score:
    """Raises NothingMeasured."""
    frames = [frame["metrics"] for frame in json.loads(log.read_text())["frames"]]
    if not frames:
        raise NothingMeasured

    def mean(name: str) -> float:
        return float(sum(frame.get(name, 0.0) for frame in frames)) / len(frames)

    fifth = sorted(frame["vmaf"] for frame in frames)[len(frames) // 20]
    return Score(mean("vmaf"), fifth, mean("cambi"), mean("cambi_full_reference"))


def _every(frames: int | None) -> int:
    """Which frames are scored: one in so many, and all of a clip that has few."""
    if not frames or frames <= FEW:
        return 1 if frames else PRIMES[-1]
    return max((prime for prime in PRIMES if prime * SCORED <= frames), default=PRIMES[0])


def _quoted(text: str) -> str:
    """For a filter's argument within a graph: two levels of quoting."""
    escaped = text.replace("\\", "\\\\").replace(":", "\\:").replace("'", "\\'")
    return "".join(f"\\{letter}" if letter in "\\'[],;" else letter for letter in escaped)
