"""Names that strangers gave become labels, and paths that any system can unpack."""

import pytest

from jobs.labels import LONGEST_FOLDER, LONGEST_NAME, LONGEST_PATH, PortablePaths, clean_folder, portable


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        ("2026/Summer", "2026/Summer"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/./cron.d//", "etc/cron.d"),
        ("C:\\Films\\..\\2026", "C:/Films/2026"),
        ("...", ""),
        ("a\x00b/\u202egpj.exe\n", "ab/gpj.exe"),
        ("Ferien ä/海", "Ferien ä/海"),
        ("", ""),
    ],
)
def test_a_folder_becomes_labels(sent, label):
    assert clean_folder(sent) == label


def test_a_folder_without_end_is_cut_between_labels():
    label = clean_folder("/".join(["ninechars"] * 100))
    assert len(label) <= LONGEST_FOLDER
    assert set(label.split("/")) == {"ninechars"}


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("holiday.mp4", "holiday.mp4"),
        ("CON.mp4", "_CON.mp4"),
        ("lpt1", "_lpt1"),
        ("com¹.mp4", "_com¹.mp4"),
        ("console.mp4", "console.mp4"),
        ('a<b>c:d"e|f?g*.mp4', "a_b_c_d_e_f_g_.mp4"),
        ("../up.mp4", ".._up.mp4"),
        ("trailing. . ", "trailing"),
        ("...", "_"),
        ("", "_"),
        (".mp4", ".mp4"),
        ("e\u0301.mp4", "é.mp4"),
    ],
)
def test_a_name_is_fit_for_windows(name, fit):
    assert portable(name) == fit


@pytest.mark.parametrize("letter", ["a", "海", "😀"])
def test_a_long_name_is_cut_and_keeps_its_extension(letter):
    name = portable(letter * 300 + ".mp4")
    assert name.endswith(f"{letter}.mp4")
    assert len(name) <= LONGEST_NAME
    assert len(name.encode()) < 250


def test_no_two_paths_are_the_same_to_anybody():
    paths = PortablePaths(["", "Day"], reserved=["not-included.txt"])
    given = [paths.take("", name) for name in ["a.mp4", "A.mp4", "a.mp4", "e\u0301.mp4", "é.mp4", "Not-Included.txt"]]
    assert given == ["a.mp4", "A (2).mp4", "a (3).mp4", "é.mp4", "é (2).mp4", "Not-Included (2).txt"]
    assert paths.take("Day", "a.mp4") == "Day/a.mp4"


def test_folders_that_differ_in_case_alone_may_become_one():
    paths = PortablePaths(["Day", "day"])
    assert [paths.take("Day", "a.mp4"), paths.take("day", "a.mp4")] == ["Day/a.mp4", "day/a (2).mp4"]


def test_no_file_takes_the_name_of_a_folder():
    paths = PortablePaths(["", "day/one"])
    assert [paths.take("", "Day"), paths.take("day/one", "x")] == ["Day (2)", "day/one/x"]


def test_a_path_leaves_room_for_where_it_is_unpacked():
    deep = "/".join(["folder"] * 30)
    path = PortablePaths([deep]).take(deep, "x" * 200 + ".mp4")
    assert len(path) <= LONGEST_PATH
    assert path.endswith("x.mp4")
