"""Which streams the result gets: a pure function of the options and of what the source has."""

import pytest

from jobs.encoding import MediaInfo, parse_options
from jobs.encoding.streams import Sound, Subtitle
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


PICTURES = Subtitle(2, "hdmv_pgs_subtitle", "fra", fits=("mkv",))


def test_subtitles_that_are_pictures_stay_in_mkv():
    planned = plan_tracks(parse_options({"container": "mkv"}), media(subtitles=(PICTURES,)))
    assert [(track.kind, track.options["c"], track.tags["language"]) for track in planned.tracks] == [
        ("s", "copy", "fra")
    ]
    assert planned.notes == ()


def test_mp4_cannot_hold_them_and_it_is_said():
    planned = plan_tracks(parse_options({}), media(subtitles=(PICTURES,)))
    assert planned.tracks == ()
    assert "(fra)" in planned.notes[0]


def test_what_stays_behind_is_named():
    planned = plan_tracks(parse_options({}), media(left_over=("a second picture (96×54)",)))
    assert planned.notes == ("Left out: a second picture (96×54).",)


def test_nothing_is_said_of_what_nobody_misses():
    assert plan_tracks(parse_options({}), media()).notes == ()


@pytest.mark.parametrize(("codec", "kept"), [("aac", True), ("mp3", True), ("pcm_s16le", False), ("vorbis", False)])
def test_sound_is_copied_where_it_plays_everywhere(codec, kept):
    sound = Sound(1, codec, 2, fits=("mp4", "mkv"))
    (track,) = plan_tracks(parse_options({}), media(sounds=(sound,))).tracks
    assert (track.options["c"] == "copy") is kept


def test_sound_that_the_container_refuses_is_encoded_anew():
    refused = Sound(1, "mp3", 1, fits=("mkv",))
    (track,) = plan_tracks(parse_options({}), media(sounds=(refused,))).tracks
    assert track.options["c"] == "aac"
