"""The picture on its way from source to encoder: what is asked for, and what the codec cannot hold as it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from jobs.encoding.args import EncodeArgs
from jobs.encoding.colour import TONE_MAP, Filter, named, rgb_to_yuv
from jobs.encoding.cuts import Stretch, why_from_its_beginning
from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.inspection.formats import ALPHA_DECODERS, DECODERS, DEMUXERS, FAR, PROTOCOLS, RAW_MJPEG

Span = tuple[float, float]  # from which second of the source, and how many seconds
EARLY = 1.0  # seconds; seeking is not exact everywhere
FOR_SUBTITLES = 20.0  # seconds; one that is shown already when a part begins was told of before
SEI = 6  # of H.264: units in which a stream says what else there is to know, captions among it
OWN_CLOCKS = ["-copyts", "-start_at_zero"]  # else a jump of the sound's times would move the picture's as well


def read(source: Path, **options: Any) -> Any:
    """ffmpeg-python's input of hostile bytes: only real media, only files."""
    lists = {"protocol_whitelist": PROTOCOLS, "format_whitelist": DEMUXERS, "codec_whitelist": DECODERS}
    return ffmpeg.input(str(source), **lists, **options)


def read_source(args: EncodeArgs, **options: Any) -> Any:
    """Damaged frames are counted afterwards, they do not end the run."""
    media = args.media
    if media.has_alpha and media.video_codec in ALPHA_DECODERS:
        options[f"c:{media.video_stream}"] = ALPHA_DECODERS[media.video_codec]
    if _goes_without_sei(media):
        options[f"bsf:{media.video_stream}"] = f"filter_units=remove_types={SEI}"
    if media.container == RAW_MJPEG:
        options["f"] = RAW_MJPEG
    if media.needs_far_look:
        options |= FAR
    return read(args.source, max_error_rate=1, **args.decoder_options, **options)


def read_wanted(args: EncodeArgs) -> Any:
    """All of the source; or of a part of it, from somewhat before, as `clock_options` has its times counted."""
    media = args.media
    if not media.is_trimmed:
        return read_source(args)
    if media.has_jumps:  # which ffmpeg takes out when it reads all that was before them
        return read_source(args, itsoffset=f"{-media.skipped:.6f}")
    return read_source(args, itsoffset=f"{-media.origin:.6f}", **from_where_it_begins(media))


def from_where_it_begins(media: MediaInfo) -> dict[str, Any]:
    """Options of an input of which a part is wanted, with all that is beside the picture: sound may come first."""
    return {} if media.begins is None else since(media, media.reads_from)


def since(media: MediaInfo, second: float) -> dict[str, Any]:
    """Options of an input from which a picture near that second is wanted."""
    begin = second + media.skipped - EARLY - (FOR_SUBTITLES if media.is_trimmed and media.subtitles else 0.0)
    if begin <= 0 or why_from_its_beginning(media):
        return {}
    return {"ss": round(begin, 3), "noaccurate_seek": None}


def clock_options(media: MediaInfo) -> list[str]:
    """ffmpeg's, for a run that reads all that is wanted."""
    if media.is_trimmed and not media.has_jumps:
        return ["-copyts"]
    return OWN_CLOCKS if any(sound.has_lost_clock for sound in media.sounds) else []


def picture(args: EncodeArgs, spans: Sequence[Span] = ()) -> Any:
    """The stream that the encoder is fed: of the whole source, or of some spans of it, one after the other."""
    inputs = [
        read_source(args, ss=round(args.media.skipped + start, 3), t=round(seconds, 3)) for start, seconds in spans
    ]
    parts = [prepared(args, stream) for stream in inputs or [read_wanted(args)]]
    return parts[0] if len(parts) == 1 else ffmpeg.concat(*parts, v=1, a=0)


def stretch_of(args: EncodeArgs, stretch: Stretch) -> Any:
    """The stream that the encoder of one piece is fed; its pictures keep their times in the film.

    That needs ffmpeg's `-copyts`. By itself ffmpeg counts from the first of those streams that are used.
    """
    bounds = ({} if stretch.is_first else {"start": stretch.start}) | ({} if stretch.is_last else {"end": stretch.end})
    return prepared(
        args,
        read_source(args, itsoffset=f"{-args.media.origin:.6f}", **since(args.media, stretch.reads_from)),
        [("trim", (), bounds)] if bounds else [],
    )


def prepared(args: EncodeArgs, stream: Any, part: Sequence[Filter] = ()) -> Any:
    """The picture of one input, ready for the encoder; `part` is what takes a stretch out of it."""
    return apply(stream[str(args.media.video_stream)], filters(args.options, args.media, part))


def apply(stream: Any, chain: Sequence[Filter]) -> Any:
    for name, arguments, settings in chain:
        stream = stream.filter(name, *arguments, **settings)
    return stream


def filters(options: Options, media: MediaInfo, part: Sequence[Filter] = ()) -> list[Filter]:
    """In the order in which they cost least. ffmpeg itself has turned the picture upright before.

    `part` comes after those that remember pictures, before those that cost. What of a film is not wanted goes
    before a rate is made of the rest.
    """
    chain: list[Filter] = [
        *_one_clock(media),
        *_one_shape(media),
        *named(media),
        *deinterlaced(media),
        *_wanted(media),
    ]
    chain += [*_rate(options, media), *part]
    if media.has_alpha:  # onto black
        chain += [("format", ("gbrap",), {}), ("premultiply", (), {"inplace": 1})]
    chain += _size(media, target_height(options, media))
    if media.is_hdr and not options.video_codec.keeps_hdr:
        chain += TONE_MAP
    elif media.is_rgb or media.has_alpha:
        chain.append(rgb_to_yuv(media))
    chain.append(("format", (options.video_codec.pixel_format,), {}))
    if media.is_stereo and options.video_codec.name == "h264":
        # x264 and the muxer would both write it, at which ffmpeg stumbles when it measures or checks the result.
        chain.append(("sidedata", (), {"mode": "delete", "type": "STEREO3D"}))
    return chain


def deinterlaced(media: MediaInfo) -> list[Filter]:
    if not (media.is_interlaced or media.is_combed):
        return []
    return [("bwdif", (), {"mode": "send_frame", "deint": "all" if media.is_combed else "interlaced"})]


def target_height(options: Options, media: MediaInfo) -> int:
    """Even, as 4:2:0 needs it."""
    height = min(media.height, options.max_height or media.height)
    return max(2, height - height % 2)


def is_faster_than_asked(options: Options, media: MediaInfo) -> bool:
    """In its busiest second, whatever the mean; one frame more is the unevenness of a clock."""
    if not options.max_fps:
        return False
    return not media.fps or media.fps > options.max_fps * 1.001 or (media.peak_fps or 0) > options.max_fps + 1


def notes(asked: Options, options: Options, media: MediaInfo, found: MediaInfo) -> list[str]:
    """What a person should know about the picture; `options` are those that came of what was `asked`, `found` is the
    result's.
    """
    codec = options.video_codec
    lost_vision = media.has_dolby_vision and not found.has_dolby_vision
    lost_plus = media.has_hdr10_plus and not found.has_hdr10_plus
    lost_captions = media.has_captions and not found.has_captions
    lost_with_sei = lost_captions and _goes_without_sei(media)
    maps_hdr = media.is_hdr and not codec.keeps_hdr
    was_shrunk = target_height(options, media) < target_height(asked, media)
    remarks = {
        f"To fit into the size, the picture was made smaller: {found.width}×{found.height}.": was_shrunk,
        "Transparency was laid on black.": media.is_transparent,
        "The interlaced picture was made progressive.": media.is_interlaced or media.is_combed,
        "The picture changes its size or shape on the way; bars keep its proportions.": not media.is_steady,
        "HDR was mapped to standard range; the recipe `small` keeps it.": maps_hdr,
        "Dolby Vision was left out; what remains is its HDR.": lost_vision and not maps_hdr,
        "HDR10+ was left out; what remains is HDR10.": lost_plus and not maps_hdr,
        "Captions within the picture were lost.": lost_with_sei,
        "Captions within the picture were lost; H.264 keeps them.": (
            lost_captions and not (lost_with_sei or codec.keeps_captions)
        ),
        "That the picture is in 3D was lost.": media.is_stereo and not found.is_stereo,
        "That the picture is spherical (360°) was lost.": media.is_spherical and not found.is_spherical,
    }
    return [words for words, applies in remarks.items() if applies]


def _goes_without_sei(media: MediaInfo) -> bool:
    """Since ffmpeg stumbles at what else it says."""
    return media.is_stereo_twice and media.video_codec == "h264"


def _one_clock(media: MediaInfo) -> list[Filter]:
    """Where recordings that were joined overlap, two pictures would have one time."""
    return [] if media.is_monotonic else [("setpts", ("if(isnan(PREV_OUTPTS),PTS,max(PTS,PREV_OUTPTS+1))",), {})]


def _one_shape(media: MediaInfo) -> list[Filter]:
    if media.is_steady:
        return []
    size = {"w": media.width, "h": media.height}
    return [
        ("scale", (), {**size, "force_original_aspect_ratio": "decrease"}),
        ("pad", (), {**size, "x": -1, "y": -1}),
        ("setsar", (1,), {}),
    ]


def _wanted(media: MediaInfo) -> list[Filter]:
    bounds = {"start": media.begins, "end": media.ends}
    given = {name: second for name, second in bounds.items() if second is not None}
    return [("trim", (), given)] if given else []


def _rate(options: Options, media: MediaInfo) -> list[Filter]:
    """Where the rate varies, pictures keep their times, and the first of each interval stays."""
    if not is_faster_than_asked(options, media):
        return []
    if not media.is_variable:
        return [("fps", (options.max_fps,), {})]
    interval = f"floor(t*{options.max_fps}+0.01)"
    before = f"floor(prev_selected_t*{options.max_fps}+0.01)"
    return [("select", (f"isnan(prev_selected_t)+gt({interval},{before})",), {})]


def _size(media: MediaInfo, height: int) -> list[Filter]:
    if min(media.width, media.height) < 2:
        return [("scale", ("max(2,iw)", "max(2,ih)"), {})]
    if height >= media.height - 1:  # an odd row or column is cut off: scaling would blur every other one
        odd = media.height % 2 or media.width % 2
        return [("crop", ("trunc(iw/2)*2", "trunc(ih/2)*2", 0, 0), {})] if odd else []
    return [("scale", (-2, height), {"flags": "lanczos"})]
