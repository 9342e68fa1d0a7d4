"""Any video that people have comes out right, or a true sentence says why not: a row of tests/cases.toml each."""

import subprocess
import tomllib

import pytest

from jobs import errors
from jobs.encoding import ffmpeg_binary
from tests.conftest import ROOT
from tests.media import BESIDE
from tests.product.encoding.conftest import described, ffmpeg, frame_times

ROWS = tomllib.loads((ROOT / "tests/cases.toml").read_text())["case"]
FIRST = {row["name"]: {name: row[name] for name in ("name", "source", "make")} for row in ROWS if "make" in row}
CASES = [FIRST[row["like"]] | row if "like" in row else row for row in ROWS]
FOUND_BESIDE = BESIDE.parent / "cases"
SHELL = 'ffmpeg() { "$FFMPEG" -loglevel error -nostdin -y "$@"; }\n'


@pytest.fixture(scope="session")
def source_of(tmp_path_factory):
    """The file of a case: made by its script, which several may share, or lying beside this clone."""
    made = {}

    def run(case):
        if "beside" in case:
            return FOUND_BESIDE / case["beside"]
        key = case["source"], case["make"]
        if key not in made:
            folder = tmp_path_factory.mktemp("case")
            environment = {"FFMPEG": ffmpeg_binary(), "PATH": "/usr/bin:/bin"}
            subprocess.run(["sh", "-ec", SHELL + case["make"]], cwd=folder, env=environment, check=True)
            made[key] = folder / case["source"]
        return made[key]

    return run


def here():
    return [case for case in CASES if "make" in case or (FOUND_BESIDE / case["beside"]).exists()]


@pytest.mark.parametrize("case", here(), ids=lambda case: f"{case['name']} {case.get('options') or ''}".strip())
def test_it_comes_out_right(case, source_of, compress):
    source, right = source_of(case), case["right"]
    if "error" in right:
        with pytest.raises(errors.JobFailure) as failed:
            compress(source, **case.get("options", {}))
        assert (failed.value.code, failed.value.retryable) == (right["error"], False)
        assert right.get("says", "") in failed.value.detail
        return
    encoded = compress(source, **case.get("options", {}))
    assert encoded.outcome.outcome == right.get("outcome", "compressed")
    check_notes(encoded, right)
    if encoded.outcome.outcome == "compressed":
        check_clock(encoded, source, right)
        check_rest(encoded, right)


def check_notes(encoded, right):
    notes = [note for note in encoded.outcome.notes if not note.startswith("Being the original")]
    wanted = right.get("notes", [])
    assert len(notes) == len(wanted), notes
    assert all(any(words in note for note in notes) for words in wanted), notes


def check_clock(encoded, source, right):
    """Every picture at its own time, and the last one until its own end."""
    result = encoded.result
    if "duration" in right:
        assert result.duration == pytest.approx(right["duration"], abs=0.011)
    if "frames" in right:
        assert result.frames == right["frames"]
    if right.get("same_times", True):
        stream = encoded.media.video_stream
        before, after = frame_times(source, f"0:{stream}"), frame_times(encoded.outcome.path)
        assert len(after) == len(before)
        assert max(abs(a - b) for a, b in zip(before, after, strict=True)) < 0.0011


def check_rest(encoded, right):
    result, shown = encoded.result, described(encoded.outcome.path)
    facts = {
        "size": [result.width, result.height],
        "codec": result.video_codec,
        "transfer": result.transfer,
        "matrix": result.matrix,
        "sounds": [sound.codec for sound in result.sounds],
        "channels": [sound.channels for sound in result.sounds],
        "subtitles": [subtitle.codec for subtitle in result.subtitles],
        "chapters": [chapter.title for chapter in result.chapters],
        "cover": result.cover.codec if result.cover else "",
        "fonts": len(result.fonts),
        "is_spherical": result.is_spherical,
        "peak_fps": result.peak_fps,
    }
    if "length" in right:  # of all that is in the file
        assert float(shown.split("Duration: 00:00:")[1].split(",")[0]) == pytest.approx(right["length"], abs=0.1)
    for name, found in facts.items():
        if name in right:
            assert found == right[name], shown
    content = encoded.outcome.path.read_bytes()
    assert not [words for words in right.get("without", []) if words.encode() in content]
    if "brightness" in right:
        assert brightness(encoded.outcome.path) == pytest.approx(right["brightness"], abs=3)
    if "vmaf" in right:
        assert encoded.outcome.vmaf == pytest.approx(right["vmaf"], abs=1)


def brightness(path):
    """Of the first picture's right half, from 16 to 235."""
    shown = ffmpeg(
        "-i", path, "-frames:v", 1, "-vf", "crop=iw/2:ih:iw/2:0,signalstats,metadata=print", "-f", "null", "-"
    )
    return float(shown.split("YAVG=")[1].split()[0])
