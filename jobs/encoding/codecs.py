"""The video codecs that results can have: which encoder makes them, and the scale on which it is steered."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Codec:
    """Numbers were measured on the clips of `benchmarks/compression.py`; it shows how to measure again."""

    name: str
    title: str
    encoder: str  # ffmpeg's
    pixel_format: str
    keeps_hdr: bool
    usual_crf: float  # gives about VMAF 95 on an ordinary clip
    finest_crf: float
    coarsest_crf: float
    crf_step: float  # finer than this the encoder does not distinguish
    slope: float  # VMAF lost per unit of CRF, around VMAF 95
    speed: str  # ffmpeg's -preset
    quick_speed: str
    cost: float  # seconds to encode a million pixels of one frame at `speed`, on two cores
    takes_two_passes: bool = True
    keeps_captions: bool = True  # those that television embeds in the picture
    smallest_side: int = 2  # pixels
    most_fps: int | None = None
    key_seconds: float | None = None  # at most from one key frame to the next; None: 250 pictures
    rate_option: tuple[str, str] | None = None  # where it wants to know the rate; ffmpeg's guess may be 90,000
    options: dict[str, Any] = field(default_factory=dict)  # on top, for any recipe
    against_bands: dict[str, Any] = field(default_factory=dict)  # on top, where dark, smooth pictures would band
    piece_options: dict[str, Any] = field(default_factory=dict)  # so that the headers of all pieces are the same


CODECS = {
    codec.name: codec
    for codec in (
        Codec(
            name="h264",
            title="H.264",
            encoder="libx264",
            pixel_format="yuv420p",
            keeps_hdr=False,
            usual_crf=25.5,
            finest_crf=10,
            coarsest_crf=44,
            crf_step=0.25,
            slope=0.9,
            speed="medium",
            quick_speed="veryfast",
            cost=0.025,
            options={"psy": 0, "aq-strength": 0.6},
            against_bands={"aq-strength": 1.0},
            piece_options={"x264-params": "stitchable=1"},
        ),
        Codec(
            name="hevc",
            title="H.265",
            encoder="libx265",
            pixel_format="yuv420p10le",
            keeps_hdr=True,
            usual_crf=26,
            finest_crf=10,
            coarsest_crf=44,
            crf_step=0.25,
            slope=0.8,
            speed="medium",
            quick_speed="superfast",
            cost=0.06,
            smallest_side=32,
            options={"tag:v": "hvc1", "x265-params": "log-level=warning"},
            piece_options={"x265-params": "info=0"},
        ),
        Codec(
            name="av1",
            title="AV1",
            encoder="libsvtav1",
            pixel_format="yuv420p10le",
            keeps_hdr=True,
            usual_crf=36,
            finest_crf=12,
            coarsest_crf=62,
            crf_step=1,
            slope=0.45,
            speed="6",
            quick_speed="10",
            cost=0.05,
            takes_two_passes=False,
            keeps_captions=False,
            smallest_side=64,
            most_fps=240,
            key_seconds=5.0,
            rate_option=("svtav1-params", "fps-num={thousandths}:fps-denom=1000"),
        ),
    )
}
