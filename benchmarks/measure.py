"""VMAF by a plain run of ffmpeg of its own, with nothing of the engine's but the binary: every frame, in order."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jobs.encoding import ffmpeg_binary


@dataclass(frozen=True)
class Score:
    mean: float
    fifth_percentile: float


def vmaf(reference: Path, encoded: Path, skipped: int = 0, pixels: str = "yuv420p") -> Score:
    """`skipped` frames of the reference are left out at its start; frames are paired by their number."""
    found = sorted(scores(reference, encoded, skipped, pixels))
    return Score(sum(found) / len(found), found[len(found) // 20])


def scores(reference: Path, encoded: Path, skipped: int = 0, pixels: str = "yuv420p") -> list[float]:
    """Of each frame, in their order."""
    numbered = f"format={pixels},settb=1/1000,setpts=N"
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory) / "vmaf.json"
        graph = (
            f"[0:v]{numbered}[made];[1:v]select='gte(n,{skipped})',{numbered}[fed];"
            f"[made][fed]libvmaf=n_threads=2:log_fmt=json:log_path={log}:shortest=1"
        )
        command = [ffmpeg_binary(), "-loglevel", "error", "-i", encoded, "-i", reference, "-filter_complex", graph]
        subprocess.run([*command, "-fps_mode", "passthrough", "-f", "null", "-"], check=True)
        return [frame["metrics"]["vmaf"] for frame in json.loads(log.read_text())["frames"]]
