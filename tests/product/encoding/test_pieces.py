"""Each piece is what the plan says, looks as good as was asked for, and is joined to the others by anybody."""

import subprocess
from dataclasses import replace

import pytest

from jobs import encoding, errors
from jobs.encoding import ffmpeg_binary
from jobs.encoding.clock import CannotCut


def test_a_short_video_is_compressed_at_once(media, in_pieces):
    work = in_pieces(media / "street.mp4", recipe="fast")
    work.args = replace(work.args, piece_seconds=60.0)
    outcome = work.prepare()
    assert (outcome.outcome, outcome.vmaf_lowest) == ("compressed", None)
    assert "pieces" not in outcome.log


def test_a_film_is_measured_piece_by_piece(film, in_pieces):
    work = in_pieces(film("h264.mp4"), recipe="balanced")
    plan = work.prepare()
    made = [work.encode(plan, number) for number in range(len(plan.stretches))]
    outcome = work.assemble(plan, made)
    frames = sum(piece.frames for piece in made)
    assert frames == plan.media.frames
    assert outcome.vmaf == pytest.approx(sum(piece.vmaf * piece.frames for piece in made) / frames, abs=0.01)
    assert outcome.as_dict()["vmaf_lowest"] == min(piece.vmaf for piece in made)


def test_a_film_in_a_hurry_is_cut_without_a_search(film, in_pieces):
    work = in_pieces(film("h264.mp4"), recipe="balanced")
    work.args = replace(work.args, is_hurried=True)
    plan = work.prepare()
    assert (plan.trials, plan.pace, plan.expected_bytes, plan.is_measured) == ((), None, None, True)
    assert abs(work.encode(plan, 0).vmaf - 95) < 4


@pytest.mark.parametrize("crf", [40.0, 11.0])
def test_a_piece_that_is_far_from_what_was_wanted_is_made_once_more(crf, film, in_pieces):
    work = in_pieces(film("h264.mp4"), recipe="balanced")
    plan = replace(work.prepare(), crf=crf)
    made = work.encode(plan, 1)
    assert abs(made.crf - crf) > 5
    assert {path.name for path in made.files["piece"].parent.glob("crf*")} == {
        f"crf-{tried}.clock" for tried in (crf, made.crf)
    }


def dark_film(path, dither):
    """Six seconds of a dark wall. Fine noise hides its steps, which an encoder smooths away."""
    wall = f"nullsrc=s=640x360:r=10:d=6,geq=lum='18+30*X/W+12*Y/H+{dither}':cb=128:cr=128,format=yuv420p"
    lossless = ["-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-g", "10"]
    subprocess.run([ffmpeg_binary(), "-v", "error", "-f", "lavfi", "-i", wall, *lossless, path], check=True)
    return path


@pytest.mark.parametrize(
    ("dither", "crf", "is_tried"),
    [
        pytest.param("(mod(X+N,2)+2*mod(Y+N,2))/4", 20.0, True, id="its source does not"),
        pytest.param("0", 24.0, False, id="so does its source"),
    ],
)
def test_a_piece_that_bands_is_made_finer_where_that_can_help(dither, crf, is_tried, in_pieces, tmp_path):
    work = in_pieces(dark_film(tmp_path / "dark.mkv", dither), recipe="balanced")
    made = work.encode(replace(work.prepare(), crf=24.0, trials=()), 0)
    tries = {path.stem for path in made.files["piece"].parent.glob("*.clock")}
    assert (made.crf, "crf-20.0-aq-strength-1.0" in tries) == (crf, is_tried)


def test_a_piece_with_other_pictures_than_planned_ends_the_cutting(film, in_pieces):
    work = in_pieces(film("h264.mp4"), recipe="fast")
    plan = work.prepare()
    first, *others = plan.stretches
    wrong = replace(plan, stretches=(replace(first, frames=first.frames + 1), *others))
    with pytest.raises(CannotCut, match="pictures"):
        work.encode(wrong, 0)


def test_pieces_of_a_damaged_film_say_what_could_not_be_read(film, in_pieces, compress, tmp_path):
    whole = bytearray(film("mpeg4.avi").read_bytes())
    for part in (0.3, 0.5, 0.52, 0.8):
        at = int(part * len(whole))
        whole[at : at + 300] = b"\x5a" * 300
    damaged = tmp_path / "damaged.avi"
    damaged.write_bytes(whole)
    assert in_pieces(damaged, recipe="fast").run().media.frames == compress(damaged, recipe="fast").result.frames


def test_pieces_that_are_more_than_the_source_end_the_job_early(film, in_pieces):
    plan = in_pieces(film("h264.mp4"), recipe="balanced").prepare()
    assert encoding.is_hopeless(plan, plan.media.size)
    assert not encoding.is_hopeless(plan, plan.media.size // 2)
    assert not encoding.is_hopeless(replace(plan, asked=replace(plan.asked, max_height=96)), plan.media.size)


def test_a_result_larger_than_its_source_is_not_published(film, in_pieces):
    work = in_pieces(film("h264.mp4"), recipe="fast")
    plan = replace(work.prepare(), crf=3)
    made = [work.encode(plan, number) for number in range(len(plan.stretches))]
    assert work.assemble(plan, made).outcome == "already_small"


def test_a_piece_that_was_damaged_on_its_way_is_not_published(film, in_pieces):
    work = in_pieces(film("h264.mp4"), recipe="fast")
    plan = work.prepare()
    made = [work.encode(plan, number) for number in range(len(plan.stretches))]
    piece = made[1].files["piece"]
    piece.write_bytes(piece.read_bytes()[: piece.stat().st_size // 2])
    with pytest.raises(errors.JobFailure):
        work.assemble(plan, made)
