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
