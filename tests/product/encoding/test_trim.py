"""A part of a film: exactly the pictures that are asked for, with the sound that belongs to them."""

import subprocess
from dataclasses import replace

import av
import pytest

from jobs import encoding, errors
from jobs.encoding import picture
from jobs.encoding.trim import trimmed
from tests.product.encoding.conftest import ffmpeg, frame_times
from tests.product.encoding.kinds_of_film import KINDS
from tests.product.encoding.test_pieces_are_exact import fed

PARTS = [(1.5, 4.01), (0.0, 2.0), (3.3, None)]
UNTOLD = {"h264.avi"}  # AVI does not say when such pictures are shown: ffmpeg's clock and ours are a picture apart


def args_of(source, **fields):
    options = encoding.parse_options({"recipe": "fast", **fields})
    return encoding.EncodeArgs(options, encoding.inspect(source, part=options.part), source)


@pytest.mark.parametrize("name", [name for name in KINDS if name not in UNTOLD])
def test_the_encoder_is_fed_the_pictures_from_start_to_end_and_no_other(name, film):
    whole = args_of(film(name))
    shown = fed(picture.picture(whole))
    shift = float(shown[0][0]) - whole.media.starts_at
    for start, end in PARTS:
        args = trimmed(args_of(film(name), start=start, **({} if end is None else {"end": end})))
        part = fed(picture.picture(args), *picture.clock_options(args.media))
        wanted = [(t, d) for t, d in shown if start <= float(t) - shift + 1e-6 and (end is None or t - shift < end)]
        assert [digest for _, digest in part] == [digest for _, digest in wanted]
        assert args.media.frames == len(part)
        skipped = [float(t) - shift - args.media.skipped for t, _ in wanted]
        assert [float(t) for t, _ in part] == pytest.approx(skipped, abs=0.0011)  # Matroska's are whole milliseconds


@pytest.fixture(params=["whole", "in pieces"])
def made(request, compress, in_pieces):
    def run(source, **fields):
        fields = {"recipe": "fast", **fields}
        is_whole = request.param == "whole"
        return compress(source, **fields).outcome if is_whole else in_pieces(source, **fields).run()

    return run


@pytest.mark.parametrize("name", ["h264.mp4", "late-picture.ts", "edit-list.mp4", "uneven.mkv", "far-clock.ts"])
def test_the_result_shows_them_as_long_as_they_were_shown(name, film, made):
    source = film(name)
    part = args_of(source, start=0.5, end=4.9).media.part
    result = made(source, start=0.5, end=4.9)
    assert (result.outcome, result.media.frames) == ("compressed", part["frames"])
    assert result.notes[0] == "It is the part from 0:00.5 up to 0:04.9; the size before is that of the whole video."
    assert result.media.duration == pytest.approx(part["duration"], abs=0.041)  # the last picture's own time
    assert result.media.starts_at == pytest.approx(part["starts_at"], abs=0.003)


@pytest.fixture
def flashes(make):
    """White and loud from second 2 to 2.2 and from 6 to 6.2, dark and silent otherwise."""
    moments = "between(mod(t,4),2,2.199)"
    sound, white = f"aevalsrc='{moments}*sin(2*PI*440*t)':s=48000:d=8", f"drawbox=c=white:t=fill:enable='{moments}'"
    return make("flashes.mp4", "-f", "lavfi", "-i", "color=black:s=160x120:r=25:d=8", "-f", "lavfi", "-i", sound,
                "-vf", white, "-c:v", "libx264", "-g", "25", "-c:a", "aac")  # fmt: skip


def first_flash(path):
    """When the picture becomes white and the sound loud, in seconds."""
    seen = ffmpeg("-i", path, "-vf", "blackdetect=d=0.1:pix_th=0.5", "-af", "silencedetect=n=-30dB:d=0.1", "-f",
                  "null", "-")  # fmt: skip
    return (
        float(seen.partition("black_end:")[2].split()[0]),
        float(seen.partition("silence_end: ")[2].split()[0]),
    )


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_the_sound_stays_with_the_picture(flashes, made, container):
    seen, heard = first_flash(made(flashes, start=0.53, end=7.5, container=container).path)
    assert seen == pytest.approx(2 - 0.56, abs=0.005)  # the first picture shown is that of second 0.56
    assert heard == pytest.approx(seen, abs=0.03)


def test_a_picture_that_is_held_beyond_the_end_ends_there(make, media, made):
    few = "scale=160:-2,select='not(mod(n,40))',setpts=N*2/TB"
    slides = make("slides.mp4", "-i", media / "street.mp4", "-vf", few,
                  "-frames:v", 6, "-fps_mode", "vfr", "-g", 1, "-c:v", "libx264")  # fmt: skip
    outcome = made(slides, start=1, end=9)
    assert (outcome.media.frames, outcome.media.duration) == (4, pytest.approx(7.0, abs=0.01))
    assert frame_times(outcome.path) == pytest.approx([0.0, 2.0, 4.0, 6.0])


SUBTITLES = """1
00:00:00,500 --> 00:00:02,500
There already

2
00:00:03,000 --> 00:00:03,500
Within

3
00:00:04,500 --> 00:00:06,500
Still there

4
00:00:06,600 --> 00:00:06,900
Gone
"""
CHAPTERS = ";FFMETADATA1\n" + "".join(
    f"[CHAPTER]\nTIMEBASE=1/1\nSTART={a}\nEND={b}\ntitle={name}\n"
    for a, b, name in [(0, 1, "A"), (1, 3, "B"), (3, 7, "C")]
)


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_subtitles_and_chapters_move_with_it(film, make, made, container, tmp_path):
    (tmp_path / "words.srt").write_text(SUBTITLES)
    (tmp_path / "names").write_text(CHAPTERS)
    rich = make("rich.mkv", "-i", film("h264.mkv"), "-i", tmp_path / "words.srt", "-i", tmp_path / "names", "-map",
                "0", "-map", "1", "-map_chapters", "2", "-c", "copy", "-c:s", "srt")  # fmt: skip
    outcome = made(rich, start=2, end=6.5, container=container)
    assert words(outcome.path) == [
        ("There already", 0.0, 0.5),
        ("Within", 1.0, 1.5),
        ("Still there", 2.5, 4.5),
    ]
    chapters = [(each.title, round(each.start, 3), round(each.end, 3)) for each in outcome.media.chapters]
    assert chapters == [("B", 0.0, 1.0), ("C", 1.0, 4.5)]


def words(path):
    """Of the first subtitle track: each text, from when to when."""
    argv = [encoding.ffmpeg_binary(), "-v", "error", "-i", path, "-map", "0:s:0", "-f", "srt", "-"]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    found = []
    for block in said.strip().split("\n\n"):
        _, times, text = block.split("\n")
        found.append((text, *(seconds(moment) for moment in times.split(" --> "))))
    return found


def seconds(moment):
    hours, minutes, rest = moment.replace(",", ".").split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(rest), 2)


def test_a_cover_picture_stays(film, make, compress, tmp_path):
    ffmpeg("-i", film("h264.mp4"), "-frames:v", "1", tmp_path / "cover.jpg")
    source = make("cover.mp4", "-i", film("h264.mp4"), "-i", tmp_path / "cover.jpg", "-map", "0", "-map", "1", "-c",
                  "copy", "-disposition:v:1", "attached_pic")  # fmt: skip
    assert compress(source, recipe="fast", start=2, end=4).result.cover is not None


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"start": 70}, "begins at 1:10, but the video ends at 0:07"),
        ({"end": "1:02:03.5"}, "ends at 1:02:03.5, but the video ends at 0:07"),
        ({"start": 8, "end": 9}, "begins at 0:08 and ends at 0:09, but the video ends at 0:07"),
        ({"start": 1.001, "end": 1.002}, "No picture begins within it"),
    ],
)
def test_a_part_that_the_film_does_not_have_is_refused_in_words(film, compress, wanted, said):
    with pytest.raises(errors.NoSuchPart, match=said):
        compress(film("h264.mp4"), recipe="fast", **wanted)


def test_an_end_may_lie_a_little_beyond_the_film_as_players_round_it(film, compress):
    encoded = compress(film("h264.mp4"), recipe="fast", start=1, end=7.4)
    assert encoded.result.duration == pytest.approx(6.0, abs=0.05)


def test_a_part_is_never_answered_with_the_whole(media, compress):
    encoded = compress(media / "lean.mp4", recipe="balanced", start=1, end=2)
    assert encoded.outcome.outcome == "compressed"
    assert encoded.result.duration == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("asked", [{"recipe": "limit", "limit_bytes": 100_000}, {"recipe": "balanced"}])
def test_every_way_to_compress_takes_a_part(film, compress, asked):
    encoded = compress(film("h264.mp4"), start=2, end=4.5, **asked)
    assert encoded.result.frames in {62, 63}
    assert encoded.outcome.vmaf is None or encoded.outcome.vmaf > 80
    assert len(encoded.outcome.stills.frames) == 3


def test_a_plan_of_a_part_survives_its_way_as_json(film):
    args = trimmed(args_of(film("h264.mp4"), start=1.5, end=6))
    again = encoding.MediaInfo.restored(args.media.stored())
    assert replace(again, cuts=args.media.cuts) == args.media


def test_what_is_said_of_the_source_is_said_of_the_whole(film):
    media = args_of(film("h264.mp4"), start=1.5, end=6).media
    assert media.duration == pytest.approx(7.0, abs=0.05)
    with av.open(str(film("h264.mp4"))) as container:
        assert media.frames == container.streams.video[0].frames
