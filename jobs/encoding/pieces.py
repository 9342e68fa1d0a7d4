"""Encoding one piece of a film: measured on the way, and made once more where it is far from what was wanted."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jobs import errors
from jobs.encoding.args import EncodeArgs
from jobs.encoding.clock import CannotCut, Clock, check_clock, read_clock
from jobs.encoding.codecs import Codec
from jobs.encoding.command import Rate, Taps
from jobs.encoding.cuts import Stretch
from jobs.encoding.encode import encode_seconds, measure_seconds, measured_score, measuring_at_once
from jobs.encoding.encoder import tried_twice
from jobs.encoding.methods.search import HALF_AT, Trial, crf_after
from jobs.encoding.piece_commands import clock_of, piece_command
from jobs.encoding.plan import Plan
from jobs.encoding.probe import UNREADABLE, inspect
from jobs.encoding.progress import Report
from jobs.encoding.session import EncodeSession, RunResult
from jobs.encoding.stills import Album
from jobs.encoding.vmaf import NothingMeasured

FILE = "piece"
FAR = 3.0  # VMAF from what was wanted
WORTH_REPEATING = 0.8  # of the bytes
ANNOYING, WORTH_HEEDING = 5.0, 1.0  # CAMBI; of it, what the source has not
LESS = 0.9  # of that
FINER = 4  # CRF, where it bands
COMPLAINT = "[error]"  # of ffmpeg's decoders
LOG = 1000  # letters of what ffmpeg said
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PieceMade:
    """`files` lie in the work directory, by the names under which `assemble` looks for them.

    `seconds` is how long the stretch of film is, `facts` is JSON: what assembling it will ask for.
    """

    files: Mapping[str, Path]
    frames: int
    bytes: int
    seconds: float
    crf: float
    vmaf: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def encode_piece(args: EncodeArgs, plan: Plan, stretch: Stretch, workdir: Path, report: Report) -> PieceMade:
    """At the plan's CRF, and once more at another where that is far off.

    Raises a JobFailure, CannotCut, or Stopped when `report` answers False.
    """
    return tried_twice(lambda session: _Piece(session, plan, stretch).made(), plan.applied_to(args), workdir, report)


@dataclass
class _Piece:
    session: EncodeSession
    plan: Plan
    stretch: Stretch

    def made(self) -> PieceMade:
        self.session.estimator.expect(encode=self._expected())
        made = self._encode(self.plan.crf)
        if crf := self._better_crf(made):
            made = _chosen(made, self._encode(crf), self._is_better)
        sought = made.crf  # that of others too: bands are a matter of this piece alone
        if _bands(made):
            finer = max(self._codec.finest_crf, made.crf - FINER)
            made = _chosen(made, self._encode(finer, **self._codec.against_bands), _bands_less)
        piece = made.files[FILE].rename(self.session.workdir / FILE)
        return replace(made, files={FILE: piece, **self._stills()}, facts={**made.facts, "crf": sought})

    def _encode(self, crf: float, **options: Any) -> PieceMade:
        """Measured, if the plan says so and it can be."""
        rate = {"crf": crf, **options}
        if self.plan.is_measured:
            try:
                return self._run(rate, measured=True)
            except (errors.EncodeFailed, errors.OutOfMemory, NothingMeasured) as failure:
                logger.warning("A piece of %s cannot be measured: %s", self.session.args.source, failure)
        return self._run(rate, measured=False)

    def _run(self, rate: Rate, *, measured: bool) -> PieceMade:
        session, stretch = self.session, self.stretch
        target = session.workdir / "-".join(f"{name}-{value}" for name, value in rate.items())
        measure = measuring_at_once(session, stretch.frames, banding=True) if measured else ""
        taps = Taps(measure, Album(session.args, session.workdir).of_source(stretch))
        argv = piece_command(session.args, stretch, target, rate, taps)
        run = session.run(argv, "encode", media_seconds=stretch.seconds, expected=self._expected())
        clock, errors_met = read_clock(clock_of(target)), _errors_met(session, run)
        check_clock(clock, stretch, session, damaged=errors_met > 0 or COMPLAINT in run.log)
        score = measured_score(session, target, measure, stretch.frames, stretch) if measured else None
        return PieceMade(
            files={FILE: target},
            frames=clock.frames,
            bytes=target.stat().st_size,
            seconds=round(stretch.seconds, 6),
            crf=rate["crf"],
            vmaf=round(score.mean, 2) if score else None,
            facts={
                "first": clock.first,
                "errors": errors_met,
                "headers": self._headers(target, clock),
                "log": run.log[-LOG:],
                "banding": round(score.banding, 2) if score else None,
                "added_banding": round(score.added_banding, 2) if score else None,
            },
        )

    def _headers(self, target: Path, clock: Clock) -> str:
        """Of the file as it lies there, which is read for it."""
        try:
            found = inspect(target, self.session.is_wanted, self.session.args.nice)
        except UNREADABLE as failure:
            raise errors.ResultInvalid(log=failure.log) from failure
        if found.frames != clock.frames:
            raise errors.ResultInvalid(log=f"A piece has {found.frames} frames of {clock.frames}.")
        return found.codec_headers

    def _better_crf(self, made: PieceMade) -> float | None:
        """Where it should have been, if it is far below; or far above, and that costs a fifth of its bytes."""
        if made.vmaf is None or abs(made.vmaf - self._target) <= FAR:
            return None
        trial = Trial(made.crf, made.vmaf, made.bytes)
        crf = crf_after(trial, self._codec, self._target, self.plan.trials)
        saves_enough = 0.5 ** ((crf - made.crf) / HALF_AT) <= WORTH_REPEATING
        return crf if crf < made.crf or saves_enough else None

    def _is_better(self, again: PieceMade, made: PieceMade) -> bool:
        if again.vmaf is None or made.vmaf is None or again.crf == made.crf:
            return False
        is_nearer = abs(again.vmaf - self._target) < abs(made.vmaf - self._target)
        return is_nearer and (made.vmaf < self._target or again.bytes <= WORTH_REPEATING * made.bytes)

    @property
    def _codec(self) -> Codec:
        return self.session.options.video_codec

    @property
    def _target(self) -> int:
        return self.session.options.target_quality

    def _expected(self) -> float:
        """Seconds."""
        if self.plan.pace is not None:
            return self.plan.pace * self.stretch.seconds
        options, media, seconds = self.session.options, self.session.media, self.stretch.seconds
        return encode_seconds(options, media, seconds) + self.plan.is_measured * measure_seconds(
            options, media, seconds
        )

    def _stills(self) -> dict[str, Path]:
        wanted = Album(self.session.args, self.session.workdir).of_source(self.stretch)
        return {path.name: path for path in wanted if path.exists()}


def _chosen(made: PieceMade, again: PieceMade, is_better: Callable[[PieceMade, PieceMade], bool]) -> PieceMade:
    chosen, dropped = (again, made) if is_better(again, made) else (made, again)
    dropped.files[FILE].unlink()
    return chosen


def _bands(made: PieceMade) -> bool:
    """Whether it annoys, and the source itself does not."""
    added = made.facts["added_banding"] or 0.0
    return (made.facts["banding"] or 0.0) > ANNOYING and added > WORTH_HEEDING


def _bands_less(again: PieceMade, made: PieceMade) -> bool:
    """By so much that it is worth the bytes."""
    return again.facts["banding"] is not None and again.facts["banding"] < LESS * made.facts["banding"]


def _errors_met(session: EncodeSession, run: RunResult) -> int:
    """Packets of the source that made no sense. Raises CannotCut where the picture's shape changed."""
    if run.account.shapes - {session.media.coded_shape}:
        raise CannotCut("the picture changes its shape")
    decoded = run.account.streams.get(session.media.video_stream)
    return decoded.errors if decoded else 0
