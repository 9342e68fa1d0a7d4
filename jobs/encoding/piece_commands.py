"""The argv of encoding one piece, and of joining all of them."""

from pathlib import Path

import ffmpeg

from jobs.encoding.args import EncodeArgs
from jobs.encoding.command import (
    ACCOUNT,
    Rate,
    Taps,
    compiled,
    encode_argv,
    result_options,
    video_options,
    with_input,
    with_words,
)
from jobs.encoding.cuts import Stretch
from jobs.encoding.picture import from_where_it_begins, read_source, stretch_of
from jobs.encoding.tracks import Tracks

PIECE = {
    "f": "mp4",
    "movie_timescale": 1_000_000,  # in which the times of beginnings are told; they would be rounded to milliseconds
    "avoid_negative_ts": "disabled",
    "map_metadata": -1,
    "map_chapters": -1,
}
LIST = ("-f", "concat", "-safe", "0", "-protocol_whitelist", "file", "-format_whitelist", "concat,mov")


def piece_command(args: EncodeArgs, stretch: Stretch, target: Path, rate: Rate, taps: Taps) -> list[str]:
    """The picture alone, of one stretch. Beside the target, its clock is written: when each picture is shown."""
    output = {
        **video_options(args, rate, stretch, measured=bool(taps.measure)),
        **PIECE,
        "stats_mux_pre:v:0": str(clock_of(target)),
        "stats_mux_pre_fmt:v:0": "{pts} {tb}",
    }
    if args.media.is_spherical:
        output["strict"] = "unofficial"
    return [*encode_argv(args, [stretch_of(args, stretch)], target, output, taps), "-copyts"]


def clock_of(piece: Path) -> Path:
    """A file with a line for each picture: at which tick it is shown, and how long a tick is."""
    return piece.with_name(f"{piece.name}.clock")


def join_command(args: EncodeArgs, pieces: Path, begin: float, target: Path, tracks: Tracks) -> list[str]:
    """The result. `pieces` is a list of them for ffmpeg's demuxer `concat`; the first begins at second `begin`."""
    options, media = args.options, args.media
    tag = {name: value for name, value in options.video_codec.options.items() if name.startswith("tag")}
    output = {**tag, **result_options(args, tracks), "c:v:0": "copy"}
    indexes = (media.video_stream, *(track.index for track in tracks.tracks))
    if options.metadata == "keep":  # what is said of a stream comes from the source's, the picture's too
        output |= {f"map_metadata:s:{number}": f"0:s:{index}" for number, index in enumerate(indexes)}
    begin_at = from_where_it_begins(media) if media.is_trimmed else {}
    stream = read_source(args, itsoffset=f"{-media.origin:.6f}", **begin_at)
    argv = compiled(ffmpeg.output(*(stream[str(index)] for index in indexes), str(target), **output), ACCOUNT)
    argv = with_input(argv, [*LIST, "-itsoffset", f"{begin:.6f}", "-i", str(pieces)], [])
    argv[argv.index("-map") + 1] = "1:v:0"  # in place of the source's picture
    argv.append("-copyts")
    return with_words(argv, args, tracks)
