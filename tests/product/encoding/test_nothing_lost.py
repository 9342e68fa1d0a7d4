"""What a person cared about in the source is in the result; what cannot be is named."""

import re

import pytest

from tests.media import beside
from tests.product.encoding.conftest import described, ffmpeg, frame_times

FAST = {"recipe": "fast"}
BRIEF = ("-t", "2")


@pytest.fixture
def film(media):
    return media / "little.mp4"


def test_a_rotated_clip_is_shown_upright(make, compress, film):
    sideways = make("phone.mp4", "-display_rotation", "90", "-i", film, *BRIEF, "-c", "copy")
    encoded = compress(sideways, **FAST)
    assert encoded.media.rotation != 0
    assert (encoded.result.width, encoded.result.height, encoded.result.rotation) == (180, 320, 0)


@pytest.mark.parametrize("size", ["641x361", "640x361", "641x360"])
def test_odd_dimensions_lose_at_most_a_row_and_a_column(make, compress, film, size):
    odd = make("odd.mkv", "-i", film, "-t", "1", "-vf", f"scale={size.replace('x', ':')}", "-pix_fmt", "yuv444p",
               "-c:v", "libx264", "-qp", "4")  # fmt: skip
    result = compress(odd, **FAST).result
    assert (result.width, result.height) == (640, 360)


def test_non_square_pixels_stay_in_shape(make, compress, film):
    wide = make("dv.mp4", "-i", film, *BRIEF, "-vf", "scale=720:576,setsar=64/45", "-c:v", "libx264", "-qp", "10")
    assert "SAR 64:45" in described(compress(wide, **FAST).outcome.path)


def test_a_variable_frame_rate_stays_variable_and_in_sync(make, compress, film):
    uneven = make("uneven.mkv", "-i", film, "-t", "4", "-vf", "select='if(lt(t,2),1,not(mod(n,5)))'",
                  "-fps_mode", "vfr", "-c:v", "libx264", "-qp", "10", "-c:a", "copy")  # fmt: skip
    encoded = compress(uneven, **FAST)
    before, after = frame_times(uneven), frame_times(encoded.outcome.path)
    assert len(after) == len(before)
    assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 0.002
    assert encoded.result.duration == pytest.approx(encoded.media.duration, abs=0.1)


def test_the_frame_rate_can_be_capped(make, compress, film):
    assert compress(film, recipe="fast", max_fps=10).result.fps == pytest.approx(10, abs=0.1)


def test_an_interlaced_clip_is_made_progressive_and_it_is_said(make, compress, film):
    interlaced = make("tape.mpg", "-i", film, *BRIEF, "-vf", "scale=720:576,interlace", "-c:v", "mpeg2video",
                      "-flags", "+ilme+ildct", "-b:v", "8M", "-r", "25")  # fmt: skip
    encoded = compress(interlaced, **FAST)
    assert encoded.media.is_interlaced
    assert not encoded.result.is_interlaced
    assert any("progressive" in note for note in encoded.outcome.notes)


@pytest.fixture
def hdr10(make, film):
    colours = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"]
    convert = "scale=320:180,zscale=tin=bt709:min=bt709:pin=bt709:t=smpte2084:m=bt2020nc:p=bt2020,format=yuv420p10le"
    params = (
        "hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
    )
    return make("hdr.mp4", "-i", film, *BRIEF, "-vf", convert, *colours, "-c:v", "libx265", "-tag:v", "hvc1",
                "-x265-params", f"log-level=error:qp=8:{params}", "-c:a", "copy")  # fmt: skip


def test_hdr_stays_hdr_in_av1(hdr10, compress):
    encoded = compress(hdr10, recipe="small")
    shown = described(encoded.outcome.path)
    assert encoded.result.is_hdr
    assert "yuv420p10le" in shown
    assert "bt2020nc/bt2020/smpte2084" in shown
    assert "Content Light Level" in shown or "MaxCLL=1000" in shown


def test_hdr_is_mapped_to_standard_range_in_h264_and_it_is_said(hdr10, compress):
    encoded = compress(hdr10, recipe="fast")
    assert "bt709" in described(encoded.outcome.path)
    assert encoded.result.transfer == "bt709"
    assert any("HDR" in note for note in encoded.outcome.notes)


@pytest.mark.parametrize("pixels", ["yuv444p", "yuv422p10le", "rgb24"])
def test_any_pixel_format_becomes_one_that_plays_everywhere(make, compress, film, pixels):
    codec = ["-c:v", "ffv1"] if pixels != "rgb24" else ["-c:v", "png"]
    rich = make("rich.mkv", "-i", film, "-t", "1", "-vf", f"scale=320:180,format={pixels}", *codec)
    assert "yuv420p" in described(compress(rich, **FAST).outcome.path)


def test_full_range_stays_full_range(media, compress):
    assert "yuvj420p" in described(compress(media / "full-range.mkv", **FAST).outcome.path)


def test_transparency_is_laid_on_black_and_it_is_said(make, compress):
    ghost = make("ghost.mov", "-f", "lavfi", "-i", "color=white@0.0:s=320x240:d=1:r=10,format=rgba", "-c:v", "png")
    encoded = compress(ghost, **FAST)
    shown = ffmpeg(
        "-i", encoded.outcome.path, "-frames:v", "1", "-vf", "signalstats,metadata=print", "-f", "null", "-"
    )
    brightness = float(re.search(r"YAVG=([\d.]+)", shown)[1])
    assert brightness < 20
    assert any("black" in note for note in encoded.outcome.notes)


@pytest.fixture
def subtitles(tmp_path):
    path = tmp_path / "words.srt"
    path.write_text("1\n00:00:00,200 --> 00:00:01,000\nHello\n")
    return path


@pytest.fixture
def rich(make, film, subtitles, tmp_path):
    """Three languages of sound, one of them in six channels, subtitles, chapters, and a place."""
    chapters = tmp_path / "chapters.txt"
    chapters.write_text(
        ";FFMETADATA1\nlocation=+48.85+002.35/\ncomment=secret\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Two\n"
    )
    return make("rich.mkv", *BRIEF, "-i", film, *BRIEF, "-i", film, *BRIEF, "-i", film, "-i", subtitles,
                "-i", chapters, "-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "2:a", "-map", "3:s",
                "-map_metadata", "4", "-map_chapters", "4", "-c:v", "copy", "-c:a:0", "copy", "-c:a:1", "ac3",
                "-c:a:2", "pcm_s16le", "-ac:a:2", "2", "-c:s", "srt", "-metadata:s:a:0", "language=eng",
                "-metadata:s:a:1", "language=deu", "-metadata:s:a:2", "language=fra",
                "-metadata:s:a:2", "title=Commentary", "-metadata:s:s:0", "language=eng")  # fmt: skip


@pytest.mark.parametrize(("recipe", "codecs"), [("fast", ["aac", "aac", "aac"]), ("small", ["aac", "ac3", "opus"])])
def test_every_sound_track_keeps_its_language_and_channels(rich, compress, recipe, codecs):
    result = compress(rich, recipe=recipe).result
    assert [sound.codec for sound in result.sounds] == codecs
    assert [sound.language for sound in result.sounds] == ["eng", "deu", "fra"]
    assert [sound.channels for sound in result.sounds] == [6, 6, 2]


def test_six_channels_survive_opus(make, compress, film):
    surround = make("surround.mkv", *BRIEF, "-i", film, "-c:v", "copy", "-c:a", "flac")
    result = compress(surround, recipe="small").result
    assert [(sound.codec, sound.channels) for sound in result.sounds] == [("opus", 6)]


def test_text_subtitles_and_named_chapters_stay(rich, compress):
    result = compress(rich, **FAST).result
    assert [(subtitle.codec, subtitle.language) for subtitle in result.subtitles] == [("mov_text", "eng")]
    assert [chapter.title for chapter in result.chapters] == ["One", "Two"]


def test_the_place_is_stripped_unless_it_is_to_be_kept(rich, compress):
    assert b"48.85" not in compress(rich, **FAST).outcome.path.read_bytes()
    assert b"48.85" in compress(rich, recipe="fast", metadata="keep").outcome.path.read_bytes()


def test_cover_art_stays(make, compress, film, tmp_path):
    cover = tmp_path / "cover.jpg"
    ffmpeg("-i", film, "-frames:v", "1", "-vf", "scale=160:-2", cover)
    with_cover = make("cover.mp4", *BRIEF, "-i", film, "-i", cover, "-map", "0", "-map", "1", "-c", "copy",
                      "-disposition:v:1", "attached_pic")  # fmt: skip
    assert compress(with_cover, **FAST).result.cover is not None


def test_sound_that_plays_everywhere_is_copied(media, compress):
    encoded = compress(media / "film.mp4", **FAST)
    assert encoded.result.sounds[0].bit_rate == pytest.approx(encoded.media.sounds[0].bit_rate, rel=0.02)


def test_sound_can_be_dropped(media, compress):
    assert compress(media / "film.mp4", recipe="fast", audio="drop").result.sounds == ()


def test_sound_can_be_given_a_bit_rate(media, compress):
    result = compress(media / "film.mp4", recipe="fast", audio_kbps=64).result
    assert result.sounds[0].bit_rate < 80_000


def test_an_mp4_can_be_played_while_it_arrives(media, compress):
    head = compress(media / "film.mp4", **FAST).outcome.path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


OLD = ["theora.ogg", "vp8.webm", "cinepak.avi", "tape.mpeg"]
OLD_BESIDE = beside("movie-hello.ogg", "tree.avi", "rabbit320.webm", "movie-hello.avi", "box.mp4")


@pytest.mark.parametrize("clip", OLD + OLD_BESIDE)
def test_a_source_in_an_old_codec_becomes_one_that_plays_everywhere(media, compress, clip):
    encoded = compress(media / clip, recipe="fast")
    assert encoded.result.video_codec == "h264"
    assert encoded.result.duration == pytest.approx(encoded.media.duration, abs=0.1)


@pytest.mark.parametrize("codec", ["h264", "hevc", "av1"])
@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_every_codec_goes_into_every_container(media, compress, codec, container):
    encoded = compress(media / "tape.mpeg", recipe="fast", codec=codec, container=container, max_height=240)
    assert (encoded.result.video_codec, encoded.result.height) == (codec, 240)
    assert encoded.outcome.extension == container
