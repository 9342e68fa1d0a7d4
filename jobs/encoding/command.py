"""The argv of each kind of ffmpeg run: pure functions of the options and of what the source is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ffmpeg

from jobs.encoding.args import EncodeArgs
from jobs.encoding.colour import Filter
from jobs.encoding.cuts import WHOLE, Stretch
from jobs.encoding.ffmpeg import ffmpeg_binary
from jobs.encoding.last_picture import as_long_as_it_is_shown
from jobs.encoding.memory import threads_that_fit
from jobs.encoding.picture import (
    Span,
    apply,
    clock_options,
    picture,
    prepared,
    read,
    read_wanted,
    stretch_of,
    target_height,
)
from jobs.encoding.recipes import Method
from jobs.encoding.stills import decoded, jpeg, stills_of
from jobs.encoding.tags import file_tags, needs_any_tag
from jobs.encoding.tracks import Track, Tracks
from jobs.encoding.vmaf import vmaf_settings

GUARDS = ("-hide_banner", "-nostdin", "-y", "-nostats", "-progress", "pipe:1")
CONTAINERS = {"mp4": {"f": "mp4", "movflags": "+faststart"}, "mkv": {"f": "matroska"}}
ACCOUNT = "level+verbose"  # warnings, and ffmpeg's account of what it read and decoded
COARSE = 0.005  # seconds; where a tick is longer, a part could not end when it was told to
FINE_CLOCK = "1:90000"  # that of broadcasts
Rate = Mapping[str, Any]  # how the encoder is steered: {"crf": 25}, or {"b": …, "pass": …, "passlogfile": …}


@dataclass(frozen=True)
class Taps:
    """What is made beside the result: of the picture that the encoder is fed, and of what it made of it.

    `measure` is what `vmaf.measuring` says: the picture goes out as it is, to be compared with what was made of it.
    `stills` are files, and the filters that make them; so are `made`, which are taken only where it is measured.
    """

    measure: str = ""
    stills: Mapping[Path, Sequence[Filter]] = field(default_factory=dict)
    made: Mapping[Path, Sequence[Filter]] = field(default_factory=dict)


def encode_command(args: EncodeArgs, target: Path, rate: Rate, tracks: Tracks, taps: Taps = Taps()) -> list[str]:
    """The whole result in one run."""
    stream = read_wanted(args)
    output = {**video_options(args, rate, measured=bool(taps.measure)), **result_options(args, tracks)}
    beside = [stream[str(track.index)] for track in tracks.tracks]
    argv = encode_argv(args, [prepared(args, stream), *beside], target, output, taps)
    return with_words([*argv, *clock_options(args.media)], args, tracks)


def result_options(args: EncodeArgs, tracks: Tracks) -> dict[str, Any]:
    """Of a result's container and of all that is beside the picture."""
    options = args.options
    output = {**as_long_as_it_is_shown(args.media), **_track_options(tracks.tracks), **CONTAINERS[options.container]}
    if options.metadata != "keep":
        output |= {"map_metadata:g": -1, "map_metadata:s": -1}
    if needs_any_tag(options, args.media, tracks):
        output["movflags"] += "+use_metadata_tags"
    if args.media.is_spherical:
        output["strict"] = "unofficial"
    if not args.chapters:
        output["map_chapters"] = -1
    return output


def sample_command(
    args: EncodeArgs, target: Path, rate: Rate, spans: Sequence[Span], taps: Taps = Taps()
) -> list[str]:
    """The picture alone, of some spans of the source."""
    output = {"f": "matroska", **video_options(args, rate, measured=bool(taps.measure))}
    return encode_argv(args, [picture(args, spans)], target, output, taps)


def still_command(made: Path, still: Path, filters: Sequence[Filter]) -> list[str]:
    """One picture of what was made."""
    return compiled(jpeg(apply(read(made)["v:0"], filters), still))


def first_pass_command(args: EncodeArgs, rate: Rate) -> list[str]:
    """Only looks, and writes what it saw to the pass log."""
    argv = compiled(ffmpeg.output(picture(args), "-", f="null", **video_options(args, rate)), ACCOUNT)
    return [*argv, *(clock_options(args.media) if args.media.is_trimmed else [])]


def measure_command(
    args: EncodeArgs, encoded: Path, log: Path, of: Sequence[Span] | Stretch, frames: int | None
) -> list[str]:
    """Compares what was made with what it was made of, afterwards: in twice the time, and little memory."""
    fed = stretch_of(args, of) if isinstance(of, Stretch) else picture(args, of)
    numbered = [
        stream.filter("format", args.options.video_codec.pixel_format)
        .filter("settb", expr="1/1000")
        .filter("setpts", expr="N")
        for stream in (read(encoded, **args.decoder_options)["v:0"], fed)
    ]
    compared = ffmpeg.filter(numbered, "libvmaf", **vmaf_settings(log, frames, args.threads_beside))
    clock = [] if args.media.is_trimmed and args.media.has_jumps else ["-copyts"]
    return [*compiled(ffmpeg.output(compared, "-", f="null", fps_mode="passthrough")), *clock]


def video_options(args: EncodeArgs, rate: Rate, stretch: Stretch = WHOLE, *, measured: bool = False) -> dict[str, Any]:
    options, codec = args.options, args.options.video_codec
    quick = options.the_recipe.method is Method.SINGLE
    pixels = args.media.pixels_at(target_height(options, args.media))
    threads = threads_that_fit(codec, pixels, args.memory, most=args.threads, measured=measured)
    in_pieces = {} if stretch is WHOLE else codec.piece_options
    given = _all_of(codec.options, threads, _rate_option(args), in_pieces)
    return {
        "c:v:0": codec.encoder,
        "preset:v:0": codec.quick_speed if quick else codec.speed,
        **{name if ":" in name else f"{name}:v:0": value for name, value in given.items()},
        **{name if name in {"pass", "passlogfile"} else f"{name}:v:0": value for name, value in rate.items()},
        **_key_frames(args, stretch),
        "fps_mode": "passthrough",  # every frame keeps its own time: variable rates stay variable
        "enc_time_base:v:0": FINE_CLOCK if args.media.is_trimmed and args.media.tick > COARSE else "demux",
    }


def _rate_option(args: EncodeArgs) -> dict[str, str]:
    option, media, most = args.options.video_codec.rate_option, args.media, args.options.video_codec.most_fps
    if not option or not media.fps:
        return {}
    name, words = option
    fps = max(1.0, min(media.fps, args.options.max_fps or media.fps, most or media.fps))
    return {name: words.format(thousandths=round(1000 * fps))}


def with_words(argv: list[str], args: EncodeArgs, tracks: Tracks) -> list[str]:
    """With what the result says of itself; the names of its chapters come from a file of our own, clean and cut."""
    tags = file_tags(args.options, args.media, tracks)
    said = [word for name, text in tags.items() for word in ("-metadata", f"{name}={text}")]
    if not args.chapters:
        return with_input(argv, [], said)
    number = str(argv.count("-i"))
    return with_input(argv, ["-f", "ffmetadata", "-i", str(args.chapters)], ["-map_chapters", number, *said])


def with_input(argv: list[str], added: Sequence[str], output: Sequence[str]) -> list[str]:
    """With a further input, after the others, and options of the output for it."""
    after = len(argv) - argv[::-1].index("-i") + 1
    mapped = argv.index("-map")
    return [*argv[:after], *added, *argv[after:mapped], *output, *argv[mapped:]]


def compiled(node: Any, loglevel: str = "level+warning") -> list[str]:
    argv: list[str] = node.global_args(*GUARDS, "-loglevel", loglevel).compile(ffmpeg_binary())
    return argv


def _all_of(*several: Mapping[str, Any]) -> dict[str, Any]:
    """Options of an encoder. What it calls its params stands in one option, separated by colons."""
    merged: dict[str, Any] = {}
    for options in several:
        for name, value in options.items():
            merged[name] = f"{merged[name]}:{value}" if name.endswith("-params") and name in merged else value
    return merged


def encode_argv(
    args: EncodeArgs, streams: Sequence[Any], target: Path, output: Mapping[str, Any], taps: Taps
) -> list[str]:
    """The first of the streams is the picture."""
    stream, *beside = streams
    copies = stream.filter_multi_output("split") if taps.measure or taps.stills else [stream]
    outputs = [ffmpeg.output(copies[0], *beside, str(target), **output)]
    if taps.measure:
        outputs.append(decoded(copies[1]))
    if taps.stills:
        outputs += stills_of(copies[len(outputs)], taps.stills)
    argv = compiled(ffmpeg.merge_outputs(*outputs), ACCOUNT)
    if not taps.measure:
        return argv
    threads = ["-threads", str(args.threads_beside)] if args.threads_beside else []
    loopback = [*threads, "-dec", "0:0", *threads, "-dec", "1:0"]
    compared = ["-filter_complex", taps.measure, "-map", "[measured]", "-fps_mode", "passthrough", "-f", "null", "-"]
    return [*argv, *loopback, *compared, *_stills_of_made(taps.made)]


def _stills_of_made(stills: Mapping[Path, Sequence[Filter]]) -> list[str]:
    """Outputs of what decoder 0 gives. ffmpeg-python knows no such input, so that another stands in for it."""
    if not stills:
        return []
    outputs = stills_of(ffmpeg.input("made"), stills)
    words = ffmpeg.get_args(ffmpeg.merge_outputs(*outputs))[len(("-i", "made")) :]
    return [
        _of_decoder(word) if option in {"-filter_complex", "-map"} else word
        for option, word in zip(["", *words], words, strict=False)
    ]


def _of_decoder(graph: str) -> str:
    """Its labels are its own, beside those of the graph that feeds the encoder."""
    return re.sub(r"\[s(\d+)\]", r"[made\1]", graph.replace("[0]", "[dec:0]"))


def _key_frames(args: EncodeArgs, stretch: Stretch) -> dict[str, str]:
    """Where stills will be taken, so that neither side has to decode more than one picture for each."""
    media = args.media
    held = [] if media.is_brief else [at for at in media.key_frames if stretch.holds(media.starts_at + at)]
    early = media.starts_at - media.interval / 2
    return {"force_key_frames:v:0": ",".join(f"{max(0.0, at + early):.4f}" for at in held)} if held else {}


def _track_options(tracks: Sequence[Track]) -> dict[str, Any]:
    """ffmpeg numbers the output's streams by kind, and all of them together; the picture is 0 and `v:0`.

    Both numbers are used, since ffmpeg-python takes one value for an option: one tag by the one, another by the other.
    """
    output: dict[str, Any] = {}
    numbers = {"v": 1, "a": 0, "s": 0, "t": 0}
    for position, track in enumerate(tracks, start=1):
        where = f"{track.kind}:{numbers[track.kind]}"
        numbers[track.kind] += 1
        output |= {f"{name}:{where}": value for name, value in track.options.items()}
        places = (f"metadata:s:{where}", f"metadata:s:{position}")
        output |= {
            place: f"{name}={text}" for place, (name, text) in zip(places, track.tags.items(), strict=False) if text
        }
    return output
