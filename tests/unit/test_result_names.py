"""What results are called: after their sources, each by a name of its own."""

import pytest

from jobs.result_names import check_template, original_name, result_name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("holiday.mov", "holiday-small.mp4"),
        ("no extension", "no extension-small.mp4"),
        (".hidden", ".hidden-small.mp4"),
        ("1. May. The day we went", "1. May. The day we went-small.mp4"),
        ("{recipe}.mov", "{recipe}-small.mp4"),
    ],
)
def test_a_result_is_called_after_its_source(source, name):
    assert result_name("{name}-small", source, "fast", "mp4") == name


def test_a_name_says_what_its_template_says():
    assert result_name("{recipe}-{name}", "holiday.mov", "fast", "mkv") == "fast-holiday.mkv"


def test_a_long_name_keeps_its_ending():
    name = result_name("{name}-small", "ä" * 250 + ".mov", "fast", "mp4")
    assert name.endswith("ä-small.mp4")
    assert len(name.encode()) <= 255


@pytest.mark.parametrize("template", ["{name}-small", "small {recipe} {name}", "{name}"])
def test_a_template_with_a_name_will_do(template):
    check_template(template)


@pytest.mark.parametrize(
    "template",
    ["small", "{name", "{}", "{name}{date}", "{name.__class__}", "a/{name}", "{name}\n", "{name}" + "x" * 99],
)
def test_a_template_that_will_not_do_says_why(template):
    with pytest.raises(ValueError, match="must"):
        check_template(template)


@pytest.mark.parametrize(
    ("source", "container", "name"),
    [
        ("holiday.MOV", "mov,mp4,m4a,3gp,3g2,mj2", "holiday.MOV"),
        ("video", "mov,mp4,m4a,3gp,3g2,mj2", "video.mp4"),
        ("video", "nobody knows", "video"),
    ],
)
def test_an_original_keeps_its_name_and_gets_an_extension_where_it_has_none(source, container, name):
    assert original_name(source, container) == name
