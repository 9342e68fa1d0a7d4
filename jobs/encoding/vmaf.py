"""Measuring quality: VMAF (Netflix, model v0.6.1) of an encode against what the encoder was fed."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from jobs.encoding.args import EncodeArgs
from jobs.encoding.command import compiled
from jobs.encoding.media import MediaInfo
from jobs.encoding.picture import Span, picture, read

SMALLEST_SIDE = 96  # pixels; VMAF's features are made of four halvings, below this they say nothing


@dataclass(frozen=True)
class Score:
    mean: float
    fifth_percentile: float


class NothingMeasured(Exception):
    """There was no pair of frames to compare."""


def can_be_measured(media: MediaInfo) -> bool:
    return min(media.width, media.height) >= SMALLEST_SIDE


def measure_command(args: EncodeArgs, encoded: Path, log: Path, spans: Sequence[Span], every: int) -> list[str]:
    """Compares `made` with the same spans of the source after the same filters, frame by frame in order.

    Scores each `every`th frame: a third of them gives a mean within 0.1 and takes half the time. Frames are paired
    by their number, so that neither variable rates nor containers' clocks can shift them.
    """
    numbered = [
        stream.filter("settb", expr="1/1000").filter("setpts", expr="N")
        for stream in (
            read(encoded)["v:0"].filter("format", args.options.video_codec.pixel_format),
            picture(args, spans),
        )
    ]
    output = {"n_threads": os.cpu_count() or 1, "n_subsample": every, "log_fmt": "json", "log_path": str(log)}
    compared = ffmpeg.filter(numbered, "libvmaf", shortest=1, **output)
    return compiled(ffmpeg.output(compared, "-", f="null", fps_mode="passthrough"))


def read_score(log: Path) -> Score:
    """Raises NothingMeasured."""
    scores = sorted(frame["metrics"]["vmaf"] for frame in json.loads(log.read_text())["frames"])
    if not scores:
        raise NothingMeasured
    return Score(mean=sum(scores) / len(scores), fifth_percentile=scores[len(scores) // 20])
