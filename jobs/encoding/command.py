"""The argv of an encode: a pure function of the order and of what the source is."""

from pathlib import Path
from typing import Any

import ffmpeg

from jobs.encoding.ffmpeg import ffmpeg_binary
from jobs.encoding.media import MediaInfo
from jobs.encoding.order import Order
from jobs.encoding.sandbox import DEMUXERS, PROTOCOLS

GUARDS = ("-hide_banner", "-nostdin", "-y", "-nostats", "-loglevel", "warning", "-progress", "pipe:1")


def encode_command(order: Order, media: MediaInfo, source: Path, target: Path) -> list[str]:
    stream = ffmpeg.input(str(source), protocol_whitelist=PROTOCOLS, format_whitelist=DEMUXERS)
    video = stream[str(media.video_stream)]
    for name, arguments, options in _filters(order, media):
        video = video.filter(name, *arguments, **options)
    outputs = [video]
    if order.audio == "keep" and media.audio_codecs:
        outputs.append(stream["a:0"])
    return ffmpeg.output(*outputs, str(target), **_options(order, media)).global_args(*GUARDS).compile(ffmpeg_binary())


def _filters(order: Order, media: MediaInfo) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    height = min(media.height, order.max_height or media.height)
    filters: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
    if order.max_fps and media.fps and media.fps > order.max_fps:
        filters.append(("fps", (order.max_fps,), {}))
    # Even sizes, which 4:2:0 needs; -2 keeps the shape.
    filters.append(("scale", (-2, height - height % 2), {"flags": "lanczos"}))
    filters.append(("format", (order.recipe.pixel_format,), {}))
    return filters


def _options(order: Order, media: MediaInfo) -> dict[str, Any]:
    recipe = order.recipe
    return {
        "vcodec": recipe.video_codec,
        "crf": recipe.crf,
        "preset": recipe.speed,
        "fps_mode": "passthrough",
        "acodec": recipe.audio_codec,
        "audio_bitrate": f"{recipe.audio_kbps}k",
        "ac": 2,
        "map_metadata": 0 if order.metadata == "keep" else -1,
        "movflags": "+faststart",
        "format": recipe.container,
    }
