"""What results are called: after their sources, each by a name of its own."""

from functools import partial

import pytest

from jobs.result_names import ResultNames, check_template, extension_of

SMALL = partial(ResultNames, "{name}-small", "mp4")


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
    assert SMALL().compressed(source, "fast") == name


def test_a_name_says_what_its_template_says():
    assert ResultNames("{recipe}-{name}", "mkv").compressed("holiday.mov", "fast") == "fast-holiday.mkv"


def test_a_long_name_keeps_its_ending():
    name = SMALL().compressed("ä" * 250 + ".mov", "fast")
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
    assert ResultNames("{name}-small", extension_of(container)).original(source) == name


def named(*sources):
    """The names of all of them, if they came in this order and all were compressed; of the last, if it was not."""
    compressed = []
    for number, source in enumerate(sources):
        names = SMALL()
        for before in sources[:number]:
            names.pass_over(before, "fast")
        compressed.append(names.compressed(source, "fast"))
    names = SMALL()
    for before in sources[:-1]:
        names.pass_over(before, "fast")
    return compressed, names.original(sources[-1])


def test_sources_that_differ_in_their_kind_alone_have_results_of_two_names():
    compressed, original = named("IMG_1.MOV", "img_1.mp4", "IMG_1.avi")
    assert compressed == ["IMG_1-small.mp4", "img_1-small (2).mp4", "IMG_1-small (3).mp4"]
    assert original == "IMG_1.avi"


def test_an_earlier_result_that_was_dropped_beside_its_source_is_not_called_like_the_new_one():
    assert named("a.mov", "a-small.mp4")[1] == "a-small (2).mp4"


def test_the_number_of_a_long_name_is_kept():
    first, second = named("ä" * 250 + ".mov", "ä" * 250 + ".mp4")[0]
    assert second.endswith("-small (2).mp4")
    assert max(len(first.encode()), len(second.encode())) <= 255
