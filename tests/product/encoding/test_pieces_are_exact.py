"""A film made in pieces is the film made whole: the same pictures, at the same times, beside the same sound."""

import subprocess
from fractions import Fraction

import av
import ffmpeg
import pytest

from jobs import encoding
from jobs.encoding import picture
from jobs.encoding.command import compiled
from jobs.encoding.cuts import halves, stretches
from tests.product.encoding.kinds_of_film import KINDS

WHOLE = {"theora.ogg": "container", "h264.avi": "AVI", "one-key-frame.mp4": "key frame"}
CUT = [name for name in KINDS if name not in WHOLE]
OTHERWISE = [
    ("h264.mp4", {"recipe": "fast", "codec": "hevc", "container": "mkv"}),
    ("h264.ts", {"recipe": "small", "audio": "drop", "max_fps": 12}),
    ("late-picture.ts", {"recipe": "fast", "metadata": "keep", "audio_kbps": 64}),
    ("ntsc-open-gop.ts", {"recipe": "fast", "codec": "av1", "max_height": 96}),
    ("uneven.mkv", {"recipe": "fast", "codec": "hevc", "max_fps": 12}),
    ("interlaced.ts", {"recipe": "balanced", "max_fps": 12}),
    ("fifty.mp4", {"recipe": "fast", "codec": "av1", "container": "mkv", "max_fps": 20}),
    ("hdr.mp4", {"recipe": "fast", "codec": "av1"}),
]


def table(path):
    """Of each stream: codec, tick, language and the like, and when each packet is shown."""
    with av.open(str(path)) as container:
        facts = {s.index: (s.codec_context.name, s.time_base, s.disposition, tagged(s)) for s in container.streams}
        times = {stream.index: [] for stream in container.streams}
        for packet in container.demux():
            if packet.size:
                times[packet.stream_index].append(packet.pts * packet.time_base)
        return {index: (*facts[index], sorted(times[index])) for index in facts}


def tagged(stream):
    return {name: text for name, text in stream.metadata.items() if name.lower() not in {"encoder", "duration"}}


def fed(stream, *more):
    """When each picture is shown that the encoder would be fed, and its digest."""
    shown = ffmpeg.output(stream, "-", f="framemd5", fps_mode="passthrough", enc_time_base="demux")
    argv = [word for word in compiled(shown, "error") if word not in {"-progress", "pipe:1"}]
    lines = subprocess.run([*argv, *more], capture_output=True, text=True, check=True).stdout.splitlines()
    tick = next(Fraction(line.split(":")[1].strip()) for line in lines if line.startswith("#tb"))
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    return [(int(row[2]) * tick, row[5].strip()) for row in rows]


def divided(pieces):
    """As those that are lost again and again are: between key frames too, where those are far apart."""
    return [half for piece in pieces for half in halves(piece) or (piece,)]


@pytest.mark.parametrize("are_halved", [False, True], ids=["pieces", "halves"])
@pytest.mark.parametrize("name", CUT)
def test_the_encoder_is_fed_the_same_pictures(name, are_halved, film):
    source = film(name)
    media = encoding.inspect(source)
    args = encoding.EncodeArgs(encoding.parse_options({"recipe": "fast"}), media, source)
    cut = stretches(media, 2.0)
    whole = fed(picture.picture(args))
    parts = divided(cut) if are_halved else cut
    pieces = [shown for stretch in parts for shown in fed(picture.stretch_of(args, stretch), "-copyts")]
    assert len(parts) - are_halved >= len(cut) > 1
    assert [digest for _, digest in pieces] == [digest for _, digest in whole]
    shift = pieces[0][0] - whole[0][0]  # of a transport stream, ffmpeg shifts all by what it does not use
    assert all(abs(a - b - shift) < 1e-9 for (a, _), (b, _) in zip(pieces, whole, strict=True))


def test_pieces_begin_at_key_frames_and_halves_need_not(film):
    media = encoding.inspect(film("h264.mp4"))
    keys = {cut.at for cut in media.cuts if cut.is_key}
    cut = stretches(media, 2.0)
    assert {piece.start for piece in cut[1:]} <= keys
    assert {half.start for half in divided(cut)} - keys - {media.starts_at}


@pytest.mark.parametrize(
    ("name", "options"),
    [*((name, {"recipe": "fast", "metadata": "keep"}) for name in CUT), *OTHERWISE],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())),
)
def test_the_result_is_that_of_the_whole(name, options, film, compress, in_pieces):
    source = film(name)
    whole, pieces = compress(source, **options).outcome, in_pieces(source, **options).run()
    assert pieces.outcome == whole.outcome == "compressed"
    assert table(pieces.path) == table(whole.path)
    assert (pieces.notes, pieces.extension) == (whole.notes, whole.extension)
    assert len(pieces.stills.frames) == len(whole.stills.frames)


@pytest.mark.parametrize("name", WHOLE)
def test_what_cannot_be_cut_stays_whole_and_its_log_says_why(name, film, in_pieces):
    outcome = in_pieces(film(name), recipe="fast").prepare()
    assert outcome.outcome == "compressed"
    assert WHOLE[name] in outcome.log.splitlines()[0]


def test_two_passes_are_made_over_all_of_it(film, in_pieces):
    outcome = in_pieces(film("h264.mp4"), recipe="limit", limit_bytes=150_000).prepare()
    assert "shares its bits" in outcome.log.splitlines()[0]
