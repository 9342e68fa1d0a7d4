"""What can be asked for, and what is refused by name."""

import pytest

from jobs import errors
from jobs.encoding import OPTIONS, RECIPES, Options, parse_options


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
