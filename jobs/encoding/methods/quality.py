"""The method `quality`: the fewest bytes that look as good as was asked for, by measuring VMAF while encoding.

1. A few short samples, spread over the film and encoded as one, tell where the CRF should lie; of a short clip, its
   beginning does.
2. The whole is encoded there and measured; up to two minutes it is encoded once more if it is off.
3. Where not even the wanted quality saves a tenth, nothing is encoded: the source is already small.
4. A source that is too small or too damaged to be measured is encoded finer than usual.
"""

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from jobs import errors
from jobs.encoding.command import Taps, sample_command
from jobs.encoding.encode import (
    UNKNOWN_FPS,
    Encoded,
    encode_seconds,
    encode_whole,
    measure_seconds,
    measured_score,
    measuring_at_once,
    plan_of,
)
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.search import Goal, Trial, bytes_at, bytes_by_samples, likely_again, next_crf, search
from jobs.encoding.picture import Span
from jobs.encoding.probe import inspect
from jobs.encoding.session import EncodeSession, Outgrown
from jobs.encoding.tracks import Tracks
from jobs.encoding.vmaf import FEW, NothingMeasured, can_be_measured

logger = logging.getLogger(__name__)

WORTHWHILE = 0.9  # of the source's bytes; a result above it is not worth having
SHORTEST_SAMPLED = 20.0  # seconds; samples of a shorter clip would be so short that each looks worse than it is within
BEGINNING, LEAST_FRAMES = 0.25, 12  # of a short clip; so few pictures say too little
WORTH_TRYING = 1.5  # seconds of encoding; what takes less is encoded whole at once
# The encoder spares no pains on what many later pictures are made of, and sees none beyond the end: so few pictures
# score less alone than within the whole, by about this many VMAF over their number (H.264, 14 clips).
SHORT_SIGHT = 9
LONGEST_REPEATED = 120.0  # seconds; beyond, samples speak for the film, and it is encoded once
SAMPLE_ROUNDS, SAMPLE_TOLERANCE = 3, 1.5  # VMAF; a straight line goes the rest of the way
SAMPLES_EXCESS = 1.25  # samples cost more bytes than their share: each begins with a key frame
WHOLE_ROUNDS, WHOLE_TOLERANCE = 4, 0.8  # VMAF; measuring itself errs by 0.1
FILM_TOLERANCE = 3.0  # VMAF; a long film is encoded again only where nothing told beforehand how it would be
COARSER = 8  # CRF; about half the bytes
USUAL_KEYS = 250  # pictures from one key frame to the next at most, in encoders that are not told otherwise
SAMPLE = "sample"
UNMEASURED_BONUS = 2  # CRF finer than usual where nobody checks


def aim_at_quality(session: EncodeSession) -> Encoded | None:
    """None: the source is already small."""
    if not can_be_measured(session.media):
        return _unmeasured(session)
    try:
        return _measured(session)
    except (errors.EncodeFailed, errors.OutOfMemory, NothingMeasured) as failure:
        logger.warning("%s cannot be measured, it is encoded without: %s", session.args.source, failure)
        return _unmeasured(session)


@dataclass(frozen=True)
class Found:
    """Where the CRF of a film should lie, by the trials made of samples; `is_measured` unless it cannot be."""

    crf: float
    is_measured: bool = True
    trials: tuple[Trial, ...] = ()


def find_crf(session: EncodeSession) -> Found | None:
    """By samples alone. None: the source is already small."""
    if not can_be_measured(session.media):
        return Found(_unmeasured_crf(session), is_measured=False)
    aim = _aim(session)
    try:
        samples = aim.sample_if_long()
    except errors.OutOfMemory as failure:
        logger.warning("%s cannot be measured, it is encoded without: %s", session.args.source, failure)
        return Found(_unmeasured_crf(session), is_measured=False)
    if samples and aim.is_hopeless(samples[-1], SAMPLES_EXCESS):
        return None
    return Found(next_crf(samples, session.options.video_codec, aim.target), trials=tuple(samples))


def sampled_at(session: EncodeSession, targets: Sequence[int]) -> list[Trial]:
    """Trials of samples near each of these qualities, the best first. Empty where they cannot be made or measured."""
    if not can_be_measured(session.media) or session.media.has_jumps or not session.media.duration:
        return []
    try:
        return _aim(session).sample_at(targets)
    except (errors.EncodeFailed, errors.OutOfMemory, NothingMeasured) as failure:
        logger.warning("No samples of %s: %s", session.args.source, failure)
        return []


def is_worth_having(session: EncodeSession, size: float) -> bool:
    return session.options.changes_more or size < WORTHWHILE * session.media.size


def _unmeasured(session: EncodeSession) -> Encoded:
    return encode_whole(session, {"crf": _unmeasured_crf(session)}, plan_of(session))


def _unmeasured_crf(session: EncodeSession) -> float:
    return session.options.video_codec.usual_crf - UNMEASURED_BONUS


def _measured(session: EncodeSession) -> Encoded | None:
    aim = _aim(session)
    samples = aim.sample_if_long()
    if samples and aim.is_hopeless(samples[-1], SAMPLES_EXCESS):
        return None
    if aim.duration <= LONGEST_REPEATED:
        goal = Goal(aim.target, WHOLE_TOLERANCE, WHOLE_ROUNDS, aim.is_hopeless)
        return aim.encode_and_measure(samples or aim.try_beginning(), goal, is_sure=bool(samples))
    goal = Goal(aim.target, FILM_TOLERANCE, 1 if samples else 2, aim.is_hopeless)
    return aim.encode_and_measure(samples, goal, is_sure=bool(samples))


def _aim(session: EncodeSession) -> "_Aim":
    return _Aim(session, plan_of(session), session.media, session.media.duration or 0.0)


def sample_spans(media: MediaInfo) -> list[Span]:
    """Where the samples lie: enough to speak for the film, and at most an eighth of it."""
    duration = media.duration or 0.0
    total = min(32.0, max(2.4, duration * (0.12 if duration <= LONGEST_REPEATED else 0.045)))
    count = min(8, max(3, round(total / 1.2)))
    gap = duration / count
    return [(media.starts_at + gap * (number + 0.5) - total / count / 2, total / count) for number in range(count)]


@dataclass
class _Aim:
    session: EncodeSession
    tracks: Tracks
    media: MediaInfo
    duration: float

    @property
    def target(self) -> int:
        return self.session.options.target_quality

    def sample_if_long(self) -> list[Trial]:
        """What was tried before somebody chose a quality need not be tried again."""
        if self.session.args.known:
            return list(self.session.args.known)
        return self.sample() if self.duration >= SHORTEST_SAMPLED and not self.media.has_jumps else []

    def sample(self) -> list[Trial]:
        """Empty where they cannot be encoded or measured: damaged where a sample lies, or of another size there."""
        spans = sample_spans(self.media)
        goal = Goal(
            self.target, SAMPLE_TOLERANCE, SAMPLE_ROUNDS, lambda trial: self.is_hopeless(trial, SAMPLES_EXCESS)
        )
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

    def sample_at(self, targets: Sequence[int]) -> list[Trial]:
        """Near each of several qualities; of a short clip, samples are all of it."""
        is_long = self.duration >= SHORTEST_SAMPLED
        spans = sample_spans(self.media) if is_long else [(self.media.starts_at, self.duration)]
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

    def try_beginning(self) -> list[Trial]:
        """What the beginning of a short clip says of the whole; empty where it says too little, or saves nothing."""
        seconds, media = BEGINNING * self.duration, self.media
        frames = seconds * (media.fps or 0.0)
        is_worth_it = encode_seconds(self.session.options, media) >= WORTH_TRYING and frames >= LEAST_FRAMES
        if self.duration >= SHORTEST_SAMPLED or media.has_jumps or not is_worth_it:
            return []
        try:
            found = self._try_samples(self.session.options.video_codec.usual_crf, [(media.starts_at, seconds)])
        except (errors.EncodeFailed, NothingMeasured) as failure:
            logger.warning("The beginning of %s says nothing: %s", self.session.args.source, failure)
            return []
        return [replace(found, vmaf=found.vmaf + SHORT_SIGHT / frames)]

    def encode_and_measure(self, known: Sequence[Trial], goal: Goal, *, is_sure: bool) -> Encoded | None:
        """Encodes until one is as wanted; the nearest one counts. `is_sure`: what is known speaks for the whole."""
        encoded: dict[float, Encoded] = {}

        def attempt(crf: float) -> Trial:
            self.session.estimator.again = likely_again(len(encoded), goal.rounds)
            tried = [Trial(crf, made.vmaf or 0.0, made.size) for crf, made in encoded.items()]
            self.session.expect_bytes(bytes_at(tried, crf) if tried else bytes_by_samples(known, crf))
            try:
                made = self._encode(crf)
            except Outgrown:
                if encoded or is_sure:
                    raise
                # It was not measured, and may have been finer than need be: a coarser one tells.
                made = self._encode(crf := crf + COARSER)
            encoded[crf] = made
            return Trial(crf, made.vmaf or 0.0, made.size)

        trials = search(attempt, self.session.options.video_codec, goal, known)
        if goal.rounds > 1 and self.is_hopeless(trials[-1]):
            return None
        best = min(trials, key=lambda trial: abs(trial.vmaf - self.target))
        return encoded[best.crf]

    def _encode(self, crf: float) -> Encoded:
        return encode_whole(self.session, {"crf": crf}, self.tracks, name=f"crf-{crf}", measured=True)

    def is_hopeless(self, trial: Trial, margin: float = 1.0) -> bool:
        """Not good enough yet, and too large already."""
        if self.session.options.changes_more:
            return False
        return trial.vmaf < self.target + 1 and trial.bytes > margin * WORTHWHILE * self.media.size

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
        return Trial(crf, vmaf, round(video + (sound if self.tracks.count("a") else 0)))

    def _trial_seconds(self, sampled: float) -> float:
        options = self.session.options
        return encode_seconds(options, self.media, sampled) + measure_seconds(options, self.media, sampled)


def _is_met(trials: Sequence[Trial], target: float) -> bool:
    return min(abs(trial.vmaf - target) for trial in trials) <= SAMPLE_TOLERANCE
