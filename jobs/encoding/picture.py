"""The picture on its way from source to encoder: what is asked for, and what the codec cannot hold as it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from jobs.encoding.args import EncodeArgs
from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.sandbox import DEMUXERS, PROTOCOLS

Filter = tuple[str, tuple[Any, ...], dict[str, Any]]
Span = tuple[float, float]  # from which second of the source, and how many seconds
HD_HEIGHT = 720  # from here on RGB becomes BT.709, below it BT.601, as players assume


def read(source: Path, **options: Any) -> Any:
    """ffmpeg-python's input of hostile bytes: only real media containers, only files."""
    return ffmpeg.input(str(source), protocol_whitelist=PROTOCOLS, format_whitelist=DEMUXERS, **options)


def picture(args: EncodeArgs, spans: Sequence[Span] = ()) -> Any:
    """The stream that the encoder is fed: of the whole source, or of some spans of it, one after the other."""
    inputs = [read(args.source, ss=round(start, 3), t=round(seconds, 3)) for start, seconds in spans]
    parts = [prepared(args, stream) for stream in inputs or [read(args.source)]]
    return parts[0] if len(parts) == 1 else ffmpeg.concat(*parts, v=1, a=0)


def prepared(args: EncodeArgs, stream: Any) -> Any:
    """The picture of one input, ready for the encoder."""
    return apply(stream[str(args.media.video_stream)], filters(args.options, args.media))


def apply(stream: Any, chain: Sequence[Filter]) -> Any:
    for name, arguments, settings in chain:
        stream = stream.filter(name, *arguments, **settings)
    return stream


def filters(options: Options, media: MediaInfo) -> list[Filter]:
    """In the order in which they cost least. ffmpeg itself has turned the picture upright before."""
    chain: list[Filter] = []
    if media.is_interlaced:
        chain.append(("bwdif", (), {"mode": "send_frame", "deint": "interlaced"}))
    if options.max_fps and (not media.fps or media.fps > options.max_fps):
        chain.append(("fps", (options.max_fps,), {}))
    if media.has_alpha:  # onto black
        chain += [("format", ("gbrap",), {}), ("premultiply", (), {"inplace": 1})]
    chain += _size(media, target_height(options, media))
    if media.is_hdr and not options.video_codec.keeps_hdr:
        chain += TONE_MAP
    elif media.is_rgb or media.has_alpha:
        matrix = "bt709" if media.height >= HD_HEIGHT else "smpte170m"
        chain.append(("scale", (), {"out_color_matrix": matrix, "out_range": "tv"}))
    chain.append(("format", (options.video_codec.pixel_format,), {}))
    return chain


def target_height(options: Options, media: MediaInfo) -> int:
    """Even, as 4:2:0 needs it."""
    height = min(media.height, options.max_height or media.height)
    return max(2, height - height % 2)


def notes(options: Options, media: MediaInfo) -> list[str]:
    """What a person should know about the picture."""
    remarks = []
    if media.has_alpha:
        remarks.append("Transparency was laid on black.")
    if media.is_interlaced:
        remarks.append("The interlaced picture was made progressive.")
    if media.is_hdr and not options.video_codec.keeps_hdr:
        remarks.append("HDR was mapped to standard range; the recipe `small` keeps it.")
    return remarks


def _size(media: MediaInfo, height: int) -> list[Filter]:
    if height >= media.height - 1:  # an odd row or column is cut off: scaling would blur every other one
        odd = media.height % 2 or media.width % 2
        return [("crop", ("trunc(iw/2)*2", "trunc(ih/2)*2", 0, 0), {})] if odd else []
    return [("scale", (-2, height), {"flags": "lanczos"})]


# To linear light at 100 nits, down to BT.709 primaries, then Hable's curve (zscale and tonemap of ffmpeg).
TONE_MAP: list[Filter] = [
    ("zscale", (), {"t": "linear", "npl": 100}),
    ("format", ("gbrpf32le",), {}),
    ("zscale", (), {"p": "bt709"}),
    ("tonemap", ("hable",), {"desat": 0}),
    ("zscale", (), {"t": "bt709", "m": "bt709", "r": "tv"}),
]
