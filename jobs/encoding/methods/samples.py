"""Samples: a few seconds of a film, encoded as one and measured, that tell how all of it would be."""

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from jobs import errors
from jobs.encoding.command import Taps, sample_command
from jobs.encoding.encode import (
    UNKNOWN_FPS,
    encode_seconds,
    measure_seconds,
    measured_score,
    measuring_at_once,
    plan_of,
)
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.search import Goal, Trial, likely_again, next_crf, search
from jobs.encoding.picture import Span
from jobs.encoding.probe import inspect
from jobs.encoding.session import EncodeSession
from jobs.encoding.vmaf import FEW, NothingMeasured, can_be_measured

logger = logging.getLogger(__name__)

WORTHWHILE = 0.9  # of the source's bytes; a result above it is not worth having
SHORTEST_SAMPLED = 20.0  # seconds; samples of a shorter clip would be so short that each looks worse than it is within
BEGINNING = 0.125  # of a short clip
FEWEST_FRAMES = 20  # of a clip; below, its beginning costs more than it spares
# Of a beginning. As few as eight are as often off as twelve or fifteen (36 clips of 2.5 s, 480p to 1080p), and more
# than thirty find no other CRF (ten clips).
LEAST_TRIED, MOST_TRIED = 8, 30
WORTH_TRYING = 1.5  # seconds of encoding; what takes less is encoded whole at once
# The encoder spares no pains on what many later pictures are made of, and sees none beyond the end: so few pictures
# score less alone than within the whole, by about 10 VMAF over their number, and finer encodes gain less by it than
# the usual slope says. By this one the whole was nearest to its goal, whatever their number (H.264, 36 clips).
SHORT_SIGHT = 14
LONGEST_REPEATED = 120.0  # seconds; beyond, samples speak for the film, and it is encoded once
SAMPLE_ROUNDS, SAMPLE_TOLERANCE = 3, 1.5  # VMAF; a straight line goes the rest of the way
SAMPLES_EXCESS = 1.25  # samples cost more bytes than their share: each begins with a key frame
USUAL_KEYS = 250  # pictures from one key frame to the next at most, in encoders that are not told otherwise
SAMPLE = "sample"


def is_worth_having(session: EncodeSession, size: float) -> bool:
    return session.options.changes_more or size < WORTHWHILE * session.media.size


def is_hopeless(session: EncodeSession, trial: Trial, margin: float = 1.0) -> bool:
    """Not good enough yet, and too large already."""
    if session.options.changes_more:
        return False
    is_good_enough = trial.vmaf >= session.options.target_quality + 1
    return not is_good_enough and trial.bytes > margin * WORTHWHILE * session.media.size


def of_samples(session: EncodeSession) -> list[Trial]:
    """Of a long film; empty where it is short, or where no sample can be encoded and measured.

    What was tried before somebody chose a quality need not be tried again.
    """
    if session.args.known:
        return list(session.args.known)
    samples = _Samples(session)
    return samples.of_film() if samples.is_long and not session.media.has_jumps else []


def of_beginning(session: EncodeSession) -> list[Trial]:
    """What the beginning of a short clip says of the whole; empty where it says too little, or saves nothing."""
    return _Samples(session).of_beginning()


def sampled_at(session: EncodeSession, targets: Sequence[int]) -> list[Trial]:
    """Trials of samples near each of these qualities, the best first. Empty where they cannot be made or measured."""
    if not can_be_measured(session.media) or session.media.has_jumps or not session.media.duration:
        return []
    try:
        return _Samples(session).near(targets)
    except (errors.EncodeFailed, errors.OutOfMemory, NothingMeasured) as failure:
        logger.warning("No samples of %s: %s", session.args.source, failure)
        return []


def sample_spans(media: MediaInfo) -> list[Span]:
    """Where the samples lie: enough to speak for the film, and at most an eighth of it."""
    duration = media.duration or 0.0
    total = min(32.0, max(2.4, duration * (0.12 if duration <= LONGEST_REPEATED else 0.045)))
    count = min(8, max(3, round(total / 1.2)))
    gap = duration / count
    return [(media.starts_at + gap * (number + 0.5) - total / count / 2, total / count) for number in range(count)]


@dataclass(frozen=True)
class _Samples:
    session: EncodeSession

    @property
    def media(self) -> MediaInfo:
        return self.session.media

    @property
    def duration(self) -> float:
        return self.media.duration or 0.0

    @property
    def is_long(self) -> bool:
        return self.duration >= SHORTEST_SAMPLED

    def of_film(self) -> list[Trial]:
        """Empty where they cannot be encoded or measured: damaged where a sample lies, or of another size there."""
        spans = sample_spans(self.media)
        target = self.session.options.target_quality
        goal = Goal(target, SAMPLE_TOLERANCE, SAMPLE_ROUNDS, lambda t: is_hopeless(self.session, t, SAMPLES_EXCESS))
        try:
            return search(self._expecting(goal, spans), self.session.options.video_codec, goal)
        except (errors.EncodeFailed, NothingMeasured) as failure:
            logger.warning("No samples of %s: %s", self.session.args.source, failure)
            return []

    def _expecting(self, goal: Goal, spans: Sequence[Span]) -> Callable[[float], Trial]:
        """An attempt of which it is known how many more may follow."""
        rounds = itertools.count()

        def attempt(crf: float) -> Trial:
            self.session.estimator.again = likely_again(next(rounds), goal.rounds)
            return self._try_samples(crf, spans)

        return attempt

    def near(self, targets: Sequence[int]) -> list[Trial]:
        """Near each of several qualities; of a short clip, samples are all of it."""
        spans = sample_spans(self.media) if self.is_long else [(self.media.starts_at, self.duration)]
        trials: list[Trial] = []
        for number, target in enumerate(targets, start=1):
            for _ in range(SAMPLE_ROUNDS):
                crf = next_crf(trials, self.session.options.video_codec, target)
                if crf in {trial.crf for trial in trials} or (trials and _is_met(trials, target)):
                    break
                self.session.estimator.again = len(targets) - number
                trials.append(self._as_whole(self._try_samples(crf, spans), spans))
        return trials

    def _as_whole(self, trial: Trial, spans: Sequence[Span]) -> Trial:
        """With the bytes of a film whose key frames are as far apart as they will be: each sample begins with one."""
        session, sampled = self.session, sum(seconds for _, seconds in spans)
        if len(spans) < 2:
            return trial
        made = inspect(session.workdir / SAMPLE, session.is_wanted, session.args.nice)
        if not made.keys:
            return trial
        every = session.options.video_codec.key_seconds or USUAL_KEYS / (made.fps or UNKNOWN_FPS)
        wanted = sampled / every + max(0, made.keys - len(spans))  # those beyond one a sample are where scenes change
        spared = max(0.0, made.keys - wanted) * made.key_bytes / made.keys
        return replace(trial, bytes=round(trial.bytes - spared / sampled * self.duration))

    def of_beginning(self) -> list[Trial]:
        media, fps = self.media, self.media.fps or 0.0
        frames = self.duration * fps
        tried = max(LEAST_TRIED, min(BEGINNING * frames, MOST_TRIED))
        is_worth_it = encode_seconds(self.session.options, media) >= WORTH_TRYING and frames >= FEWEST_FRAMES
        if self.is_long or media.has_jumps or not is_worth_it:
            return []
        try:
            spans = [(media.starts_at, tried / fps)]
            found = self._try_samples(self.session.options.video_codec.usual_crf, spans)
        except (errors.EncodeFailed, NothingMeasured) as failure:
            logger.warning("The beginning of %s says nothing: %s", self.session.args.source, failure)
            return []
        return [replace(found, vmaf=found.vmaf + SHORT_SIGHT / tried)]

    def _try_samples(self, crf: float, spans: Sequence[Span]) -> Trial:
        session, sampled = self.session, sum(seconds for _, seconds in spans)
        frames = max(FEW + 1, round(sampled * (self.media.fps or 25)))  # of a trial, not even few are all scored
        target = session.workdir / SAMPLE
        measure = measuring_at_once(session, frames)
        argv = sample_command(session.args, target, {"crf": crf}, spans, Taps(measure))
        run = session.run(argv, "search", media_seconds=sampled, expected=self._trial_seconds(sampled))
        vmaf = measured_score(session, target, measure, frames, spans).mean
        session.estimator.expect(encode=run.seconds / sampled * self.duration)
        video = target.stat().st_size / sampled * self.duration
        sound = sum((sound.bit_rate or 0) / 8 for sound in self.media.sounds) * self.duration
        return Trial(crf, vmaf, round(video + (sound if plan_of(session).count("a") else 0)))

    def _trial_seconds(self, sampled: float) -> float:
        options = self.session.options
        return encode_seconds(options, self.media, sampled) + measure_seconds(options, self.media, sampled)


def _is_met(trials: Sequence[Trial], target: float) -> bool:
    return min(abs(trial.vmaf - target) for trial in trials) <= SAMPLE_TOLERANCE
