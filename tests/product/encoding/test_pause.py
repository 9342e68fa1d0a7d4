"""While the disk has no room, ffmpeg stands still: alive, told, and ready to go on or to be ended."""

import psutil
import pytest

from jobs import encoding, errors
from jobs.encoding import PAUSED


def ffmpegs():
    below = psutil.Process().children(recursive=True)
    return [process.status() for process in below if "ffmpeg" in process.name()]


class Disk:
    """Has no room as soon as the encode runs, for so many reports; each is answered with `answer`."""

    def __init__(self, reports, answer=True):
        self.left, self.answer = reports, answer
        self.phase = ""
        self.fractions, self.standing_still = [], []

    def has_room(self):
        return self.phase != "encode" or not self.left

    def report(self, progress):
        if progress.fraction is not None:
            self.fractions.append(progress.fraction)
        if progress.phase != PAUSED:
            self.phase = progress.phase
            return True
        self.left -= 1
        self.standing_still.append(ffmpegs())
        return self.answer


def compress(source, workdir, disk):
    options, media = encoding.parse_options({"recipe": "fast"}), encoding.inspect(source)
    args = encoding.EncodeArgs(options, media, source, has_room=disk.has_room)
    return encoding.compress(args, workdir, disk.report)


def test_an_encode_pauses_while_there_is_no_room_and_then_goes_on(media, tmp_path):
    disk = Disk(reports=3)
    outcome = compress(media / "film.mp4", tmp_path, disk)
    assert outcome.outcome == "compressed"
    assert disk.standing_still == [["stopped"]] * 3
    assert disk.fractions == sorted(disk.fractions)


def test_a_job_that_is_canceled_while_it_is_paused_ends_and_leaves_no_ffmpeg(media, tmp_path):
    with pytest.raises(errors.Stopped):
        compress(media / "film.mp4", tmp_path, Disk(reports=1, answer=False))
    assert ffmpegs() == []
