"""Which streams the result gets: a pure function of the options and of what the source has."""

import pytest

from jobs.encoding import MediaInfo, parse_options
from jobs.encoding.media import Sound, Subtitle
from jobs.encoding.tracks import plan_tracks


def media(**fields):
    known = {
        "container": "matroska,webm",
        "size": 1_000_000,
        "duration": 60.0,
        "width": 1280,
        "height": 720,
        "rotation": 0,
        "fps": 25.0,
        "frames": None,
        "video_codec": "h264",
        "pixel_format": "yuv420p",
    }
    return MediaInfo(**{**known, **fields})


PICTURES = Subtitle(2, "hdmv_pgs_subtitle", "fra")


def test_subtitles_that_are_pictures_stay_in_mkv():
    planned = plan_tracks(parse_options({"container": "mkv"}), media(subtitles=(PICTURES,)))
    assert [(track.kind, track.options["c"], track.language) for track in planned.tracks] == [("s", "copy", "fra")]
    assert planned.notes == ()


def test_mp4_cannot_hold_them_and_it_is_said():
    planned = plan_tracks(parse_options({}), media(subtitles=(PICTURES,)))
    assert planned.tracks == ()
    assert "(fra)" in planned.notes[0]


def test_further_tracks_are_named_as_left_out():
    assert "2 further tracks" in plan_tracks(parse_options({}), media(other_streams=2)).notes[0]


@pytest.mark.parametrize(("codec", "kept"), [("aac", True), ("mp3", True), ("pcm_s16le", False), ("vorbis", False)])
def test_sound_is_copied_where_it_plays_everywhere(codec, kept):
    (track,) = plan_tracks(parse_options({}), media(sounds=(Sound(1, codec, 2),))).tracks
    assert (track.options["c"] == "copy") is kept
