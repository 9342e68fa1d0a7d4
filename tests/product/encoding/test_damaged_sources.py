"""Damaged and hostile files: what can be read is kept and what was lost is said; the rest is refused."""

import pytest

from jobs import encoding, errors
from tests.media import beside


@pytest.fixture
def cut(media, tmp_path):
    """The first part of a file that can be read without its end."""

    def run(share: float):
        whole = (media / "long.avi").read_bytes()
        path = tmp_path / "cut.avi"
        path.write_bytes(whole[: int(len(whole) * share)])
        return path

    return run


def test_most_of_a_video_is_kept_and_the_loss_is_said(cut, compress):
    encoded = compress(cut(0.75), recipe="fast", max_height=144)
    assert encoded.outcome.outcome == "compressed"
    assert any("damaged" in note and "%" in note for note in encoded.outcome.notes)


def test_a_damaged_video_is_compressed_by_quality_all_the_same(make, media, compress):
    """Its samples lie where nothing can be read any more."""
    whole = make("whole.mp4", "-i", media / "film.mp4", "-c", "copy", "-movflags", "+faststart")
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 7 // 10])
    encoded = compress(whole)
    assert encoded.outcome.outcome == "compressed"
    assert any("damaged" in note for note in encoded.outcome.notes)


def test_less_than_half_a_video_is_refused(cut, compress):
    with pytest.raises(errors.DamagedSource):
        compress(cut(0.3), recipe="fast", max_height=144)


@pytest.mark.parametrize("clip", ["lying-index.avi", *beside("Megamind_bugy.avi")])
def test_a_header_that_lies_about_the_length_does_not_stop_it(media, compress, clip):
    encoded = compress(media / clip, recipe="fast")
    assert encoded.outcome.outcome == "compressed"


def test_sound_that_the_container_refuses_is_encoded_anew(make, media, compress):
    """Its packets make no sense to what has to put them into MP4, where they would be copied."""
    whole = make("whole.ts", "-i", media / "film.mp4", "-c:v", "copy", "-c:a", "aac")
    broken = bytearray(whole.read_bytes())
    of_sound = [at for at in range(0, len(broken), 188) if (broken[at + 1] & 0x1F) << 8 | broken[at + 2] == 0x101]
    for at in of_sound[::5]:
        broken[at + 40 : at + 150] = bytes(range(110))
    whole.write_bytes(broken)
    encoded = compress(whole, recipe="fast")
    assert (encoded.outcome.outcome, encoded.result.audio_codecs) == ("compressed", ["aac"])
    assert any("The sound is damaged" in note for note in encoded.outcome.notes)


CONTAINERS = {
    "mkv": ("libx264", "aac"),
    "avi": ("mpeg4", "libmp3lame"),
    "flv": ("libx264", "aac"),
    "ts": ("libx264", "aac"),
    "wmv": ("wmv2", "wmav2"),
    "mxf": ("mpeg2video", "pcm_s16le"),
}


@pytest.fixture
def zeroed(make):
    """A video of eight seconds in which some bytes have become zeros, and how many pictures it had."""

    def run(kind: str, at: float, count: int, *more: object):
        video, audio = CONTAINERS[kind]
        whole = make(
            f"whole.{kind}", "-f", "lavfi", "-i", "testsrc2=s=480x360:r=25:d=8", "-f", "lavfi", "-i",
            "sine=r=48000:d=8", "-c:v", video, "-q:v", 3, "-c:a", audio, *more,
        )  # fmt: skip
        content = bytearray(whole.read_bytes())
        first = int(len(content) * at)
        content[first : first + count] = bytes(count)
        broken = whole.with_name(f"broken.{kind}")
        broken.write_bytes(content)
        return broken, encoding.inspect(whole).frames

    return run


@pytest.mark.parametrize("kind", CONTAINERS)
def test_pictures_that_nobody_finds_any_more_are_counted_as_lost(kind, zeroed, compress):
    """A demuxer skips what makes no sense, and goes on with the next picture as if there had been none between."""
    broken, there = zeroed(kind, 0.5, 40_000)
    encoded = compress(broken, recipe="fast")
    assert encoded.media.frames < there
    assert encoded.media.frames + encoded.media.missing == pytest.approx(there, abs=2)
    assert any("The video is damaged" in note for note in encoded.outcome.notes)


def test_a_matroska_file_that_breaks_off_in_its_last_cluster_has_lost_the_rest(zeroed):
    broken, there = zeroed("mkv", 0.8, 40_000)
    found = encoding.inspect(broken)
    assert (found.missing, found.share_there) == (0, pytest.approx(found.frames / there, abs=0.05))


def test_a_video_in_fragments_that_breaks_off_has_lost_the_rest(make):
    whole = make("whole.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=8", "-c:v", "libx264", "-g", 25,
                 "-movflags", "+frag_keyframe+empty_moov")  # fmt: skip
    content = whole.read_bytes()
    at = content.index(b"moof", len(content) // 2)
    whole.write_bytes(content[: at - 4] + bytes(1000) + content[at + 996 :])
    found = encoding.inspect(whole)
    assert found.share_there == pytest.approx(at / len(content), abs=0.01)


@pytest.mark.parametrize("kind", ["mkv", "ts", "avi", "flv"])
def test_pictures_that_are_held_between_others_are_no_loss(kind, make):
    """A screen that did not change for a second, again and again, beside sound that lies within large pictures."""
    video, audio = CONTAINERS[kind]
    whole = make(
        f"whole.{kind}", "-f", "lavfi", "-i", "testsrc2=s=640x480:r=25:d=8", "-f", "lavfi", "-i", "sine=r=48000:d=8",
        "-vf", "noise=alls=60:allf=t,select=lt(mod(t\\,2)\\,1)", "-fps_mode", "vfr", "-c:v", video, "-q:v", 2,
        "-b:v", "20M", "-c:a", audio,
    )  # fmt: skip
    found = encoding.inspect(whole)
    assert (found.frames, found.missing, found.share_there) == (100, 0, 1.0)


def test_recordings_that_were_joined_with_a_gap_have_lost_nothing(make):
    """The counters of a transport stream jump there as well."""
    scene = ("-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=3", "-c:v", "libx264")
    first, second = make("first.ts", *scene), make("second.ts", *scene, "-output_ts_offset", 4)
    joined = first.with_name("joined.ts")
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    found = encoding.inspect(joined)
    assert (found.frames, found.missing) == (150, 0)


def test_a_matroska_file_that_is_attached_to_one_is_no_part_of_it(make):
    attached = make("attached.mkv", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=2", "-c:v", "libx264")
    whole = make("whole.mkv", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=2", "-c:v", "libx264")
    size = attached.stat().st_size
    content = bytearray(whole.read_bytes())
    # An Attachments element (RFC 9559 section 5.1.6) behind all else, and a segment that is longer by it.
    element = b"\x19\x41\xa4\x69" + (1 << 56 | size).to_bytes(8) + attached.read_bytes()
    at = content.index(b"\x18\x53\x80\x67") + 4
    length = int.from_bytes(content[at : at + 8]) + len(element)
    content[at : at + 8] = length.to_bytes(8)
    whole.write_bytes(content + element)
    assert encoding.inspect(whole).share_there == 1.0


def test_sound_alone_is_refused(media):
    with pytest.raises(errors.AudioOnly):
        encoding.inspect(media / "sound.ogg")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5000 RTP/AVP 96\n",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        bytes(100_000),
    ],
    ids=["empty", "html", "playlist", "concat", "sdp", "broken-png", "zeros"],
)
def test_what_is_no_video_is_refused(tmp_path, content):
    path = tmp_path / "source"
    path.write_bytes(content)
    with pytest.raises(errors.NotAVideo):
        encoding.inspect(path)
