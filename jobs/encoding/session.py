"""One job as the engine sees it: what to compress, how, where to work, and whom to tell."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jobs import errors
from jobs.encoding import ffmpeg
from jobs.encoding.account import Account, read_account
from jobs.encoding.args import EncodeArgs
from jobs.encoding.blame import see_that_it_reads
from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.progress import ProgressEstimator, Reading, Report, read_line
from jobs.encoding.watchdog import Watchdog
from jobs.sandbox.confinement import Limits, confined_program

HEADROOM = 64 * 1024**2  # bytes that a file may be larger than its source before ffmpeg is stopped
ENOMEM_WORDS = "Cannot allocate memory"
NOTHING = 1024**2  # bytes: so little is left on a disk that has just refused to take more


@dataclass(frozen=True)
class RunResult:
    """A run of ffmpeg that ended well: its last reading, its wall time, what it complained about, and its account."""

    reading: Reading
    seconds: float
    log: str
    account: Account


class Outgrown(Exception):
    """What is being made is larger already than it may be."""


@dataclass
class EncodeSession:
    args: EncodeArgs
    workdir: Path
    report: Report
    estimator: ProgressEstimator = field(default_factory=lambda: ProgressEstimator({}))
    reads: tuple[Path, ...] = ()  # beside the source: files, or folders with all that is in them

    @property
    def options(self) -> Options:
        return self.args.options

    @property
    def media(self) -> MediaInfo:
        return self.args.media

    def run(
        self,
        argv: list[str],
        phase: str,
        *,
        media_seconds: float | None,
        expected: float,
        most_bytes: int | None = None,
    ) -> RunResult:
        """Run ffmpeg as a part of `phase`, pausing it while there is no room.

        `media_seconds` is how far it will go, `expected` is wall time on a machine of usual speed.

        Raises EncodeFailed, EncoderKilled, EncoderStalled, OutOfMemory or OutOfRoom; OSError where the source cannot
        be read; Stopped when the report is answered with False; Outgrown as soon as more than `most_bytes` were
        written.
        """
        self.wait_for_room()
        self.estimator.begin(phase, expected)
        reading, began = Reading(), time.monotonic()
        self._tell(0.0 if media_seconds else None, reading)
        try:
            with self._running(argv) as running:
                watchdog = Watchdog(running.popen.pid, self.args.stall_seconds)
                for lines in running:
                    for line in lines:
                        reading = read_line(reading, line)
                    if watchdog.finds_stalled(reading):
                        running.end_stalled()
                    if most_bytes and (reading.bytes or 0) > most_bytes:
                        raise Outgrown
                    began += self.wait_for_room(running)
                    self._tell(reading.seconds / media_seconds if media_seconds else None, reading)
                return RunResult(reading, time.monotonic() - began, running.log, read_account(running.account))
        except ffmpeg.Failed as failure:
            if not failure.was_killed:
                see_that_it_reads(self.args.source, failure.tail)
            raise _told(failure, on_full_disk=shutil.disk_usage(self.workdir).free < NOTHING) from failure

    def wait_for_room(self, running: ffmpeg.Process | None = None) -> float:
        """Stand still while the disk is nearly full, with signs of life. How many seconds that took."""
        began = told = time.monotonic()
        if self.args.has_room():
            return 0.0
        if running:
            running.pause()
        while not self.args.has_room():
            time.sleep(ffmpeg.TICK)
            now = time.monotonic()
            if not self.report(self.estimator.paused(now - told)):
                raise errors.Stopped
            told = now
        if running:
            running.go_on()
        return told - began

    @contextmanager
    def _running(self, argv: list[str]) -> Iterator[ffmpeg.Process]:
        """It may read the source and what else is named, and work in the work directory."""
        argv = [argv[0], *self._filter_threads(), *argv[1:]]
        limits = Limits(self.largest_file, cpu_seconds=self.args.cpu_seconds, nice=self.args.nice)
        with (
            confined_program(argv[0], (self.args.source, *self.reads), (self.workdir,), limits) as confine,
            ffmpeg.running(argv, confine, self.args.memory) as running,
        ):
            yield running

    def _filter_threads(self) -> list[str]:
        most = self.args.threads_beside
        return ["-filter_threads", str(most), "-filter_complex_threads", str(most)] if most else []

    @property
    def largest_file(self) -> int:
        """Bytes. Twice the source, since a first try may be far off in a search; a bomb is stopped all the same."""
        return 2 * self.media.size + HEADROOM

    def enter(self, phase: str, expected: float) -> None:
        """A phase begins in which something other than ffmpeg runs first."""
        self.estimator.begin(phase, expected)
        self._tell(None, Reading())

    def know(self, **facts: Any) -> None:
        """What turned out about the source while it was worked on."""
        self.args = replace(self.args, media=replace(self.media, **facts))

    def expect_bytes(self, count: float | None) -> None:
        """Of the result, which is the source where nothing smaller can be made."""
        self.estimator.expected_bytes = None if count is None else min(count, self.media.size)

    def is_wanted(self) -> bool:
        """A sign of life between two runs of ffmpeg. False: stop."""
        return self.report(self.estimator.at(None, Reading()))

    def _tell(self, done: float | None, reading: Reading) -> None:
        if not self.report(self.estimator.at(done, reading)):
            raise errors.Stopped


def _told(failure: ffmpeg.Failed, *, on_full_disk: bool = False) -> errors.JobFailure:
    if isinstance(failure, ffmpeg.Stalled):
        return errors.EncoderStalled(log=failure.log)
    if on_full_disk or failure.met_a_full_disk:
        return errors.OutOfRoom(log=failure.log)
    if isinstance(failure, ffmpeg.TooMuchMemory) or ENOMEM_WORDS in failure.tail:
        return errors.OutOfMemory(log=failure.log)
    return errors.EncoderKilled(log=failure.log) if failure.was_killed else errors.EncodeFailed(log=failure.log)
