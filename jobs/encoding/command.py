"""The argv of each kind of ffmpeg run: pure functions of the options and of what the source is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from jobs.encoding.args import EncodeArgs
from jobs.encoding.ffmpeg import ffmpeg_binary
from jobs.encoding.options import Options
from jobs.encoding.picture import Span, picture, prepared, read
from jobs.encoding.recipes import Method
from jobs.encoding.tracks import Track, Tracks

GUARDS = ("-hide_banner", "-nostdin", "-y", "-nostats", "-progress", "pipe:1")
CONTAINERS = {"mp4": {"f": "mp4", "movflags": "+faststart"}, "mkv": {"f": "matroska"}}
Rate = Mapping[str, Any]  # how the encoder is steered: {"crf": 25}, or {"b": …, "pass": …, "passlogfile": …}


def encode_command(args: EncodeArgs, target: Path, rate: Rate, tracks: Tracks) -> list[str]:
    """The whole result in one run."""
    options, stream = args.options, read(args.source)
    outputs = [prepared(args, stream), *(stream[str(track.index)] for track in tracks.tracks)]
    output = {
        **video_options(options, rate),
        **_track_options(tracks.tracks),
        **_metadata_options(options),
        **CONTAINERS[options.container],
    }
    if options.container == "mp4" and options.metadata == "keep":
        output["movflags"] += "+use_metadata_tags"
    return compiled(ffmpeg.output(*outputs, str(target), **output))


def sample_command(args: EncodeArgs, target: Path, rate: Rate, spans: Sequence[Span]) -> list[str]:
    """The picture alone, of some spans of the source."""
    output = {"f": "matroska", **video_options(args.options, rate)}
    return compiled(ffmpeg.output(picture(args, spans), str(target), **output))


def first_pass_command(args: EncodeArgs, rate: Rate) -> list[str]:
    """Only looks, and writes what it saw to the pass log."""
    return compiled(ffmpeg.output(picture(args), "-", f="null", **video_options(args.options, rate)))


def decode_command(path: Path, streams: Sequence[str]) -> list[str]:
    """Reads every frame of these streams and drops it."""
    stream = read(path)
    outputs = [stream[name] for name in streams]
    return compiled(
        ffmpeg.output(*outputs, "-", f="null", fps_mode="passthrough", enc_time_base="demux"), loglevel="error"
    )


def video_options(options: Options, rate: Rate) -> dict[str, Any]:
    codec = options.video_codec
    quick = options.the_recipe.method is Method.SINGLE
    return {
        "c:v:0": codec.encoder,
        "preset:v:0": codec.quick_speed if quick else codec.speed,
        **{name if ":" in name else f"{name}:v:0": value for name, value in codec.options.items()},
        **{name if name in {"pass", "passlogfile"} else f"{name}:v:0": value for name, value in rate.items()},
        "fps_mode": "passthrough",  # every frame keeps its own time: variable rates stay variable
        "enc_time_base:v:0": "demux",
    }


def _track_options(tracks: Sequence[Track]) -> dict[str, Any]:
    """ffmpeg numbers the output's streams by kind, and all of them together; the picture is 0 and `v:0`.

    Both numbers are used, since ffmpeg-python takes one value for an option: a language by the one, a title by
    the other.
    """
    output: dict[str, Any] = {}
    numbers = {"v": 1, "a": 0, "s": 0}
    for position, track in enumerate(tracks, start=1):
        where = f"{track.kind}:{numbers[track.kind]}"
        numbers[track.kind] += 1
        output |= {f"{name}:{where}": value for name, value in track.options.items()}
        if track.language:
            output[f"metadata:s:{where}"] = f"language={track.language}"
        if track.title:
            output[f"metadata:s:{position}"] = f"title={track.title}"
    return output


def _metadata_options(options: Options) -> dict[str, Any]:
    return {"map_metadata": 0 if options.metadata == "keep" else -1, "map_chapters": 0}


def compiled(node: Any, loglevel: str = "warning") -> list[str]:
    argv: list[str] = node.global_args(*GUARDS, "-loglevel", loglevel).compile(ffmpeg_binary())
    return argv
