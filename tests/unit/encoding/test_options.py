"""What can be asked for, and what is refused by name."""

import pytest

from jobs import errors
from jobs.encoding import OPTIONS, RECIPES, Options, parse_options
from jobs.encoding.accepts import on_the_clock


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"recipe": "limit"}, "limit_bytes"),
        ({"limit_bytes": "10000000"}, "limit_bytes"),
        ({"recipe": "limit", "limit_bytes": "999"}, "limit_bytes"),
        ({"recipe": "limit", "limit_bytes": "10000000", "quality": "90"}, "quality"),
        ({"recipe": "limit", "limit_bytes": "10000000", "codec": "av1"}, "codec"),
        ({"recipe": "fast", "quality": "90"}, "quality"),
        ({"quality": "100"}, "quality"),
        ({"codec": "vp9"}, "codec"),
        ({"container": "avi"}, "container"),
        ({"audio": "drop", "audio_kbps": "64"}, "audio_kbps"),
        ({"crf": "20"}, "crf"),
        ({"recipe": "tiny"}, "recipe"),
        ({"metadata": "some"}, "metadata"),
        ({"start": "0:75"}, "start"),
        ({"start": "1:60:00"}, "start"),
        ({"start": "soon"}, "start"),
        ({"start": -1}, "start"),
        ({"start": float("nan")}, "start"),
        ({"end": True}, "end"),
        ({"end": 1e12}, "end"),
        ({"end": 0}, "end"),
        ({"start": "0:10", "end": "0:09.9"}, "end"),
        ({"start": 10, "end": 10}, "end"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(fields, named):
    with pytest.raises(errors.InvalidRequest) as refused:
        parse_options(fields)
    assert list(refused.value.members["fields"]) == [named]


def test_a_form_sends_words_and_a_program_numbers():
    assert parse_options({"max_height": "480"}) == parse_options({"max_height": 480})


@pytest.mark.parametrize("name", RECIPES)
def test_an_order_survives_the_database(name):
    options = parse_options({"recipe": name, **({"limit_bytes": 5_000_000} if name == "limit" else {})})
    assert Options.from_dict(options.as_dict()) == options


def test_what_is_kept_in_the_database_bears_the_names_of_the_fields():
    options = parse_options({"codec": "hevc", "container": "mkv", "quality": 90, "audio_kbps": 64, "max_fps": 30})
    assert options.as_dict().keys() <= OPTIONS.keys()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(83, 83.0), (83.5, 83.5), ("83,5", 83.5), ("1:23", 83.0), ("1:02:03.25", 3723.25), ("90:00", 5400.0), ("0", 0.0)],
)
def test_a_moment_is_seconds_or_a_time(said, seconds):
    assert parse_options({"start": said}).start == seconds


@pytest.mark.parametrize(
    ("asked", "is_trimmed"), [({}, False), ({"start": 0}, False), ({"start": 1}, True), ({"end": 9}, True)]
)
def test_who_wants_a_part_is_not_served_with_the_whole(asked, is_trimmed):
    options = parse_options(asked)
    assert (options.is_trimmed, options.changes_more) == (is_trimmed, is_trimmed)


@pytest.mark.parametrize("kept", [{"recipe": "fast"}, {"recipe": "fast", "metadata": "strip"}])
def test_what_was_asked_before_dates_could_stay_means_what_it_meant(kept):
    assert Options.from_dict(kept).metadata == "strip"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (9.5, "0:09.5"), (83, "1:23"), (3723.25, "1:02:03.25"), (59.9999, "1:00")]
)
def test_a_moment_is_said_as_people_say_it(seconds, said):
    assert on_the_clock(seconds) == said
