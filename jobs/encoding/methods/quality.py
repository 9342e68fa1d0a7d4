"""The method `quality`: the fewest bytes that look as good as was asked for, by measuring VMAF.

1. A source that is too short, too small or too damaged to be measured is encoded finer than usual, unsearched.
2. A few short samples, spread over the film and encoded as one, tell where the CRF should lie.
3. Up to two minutes the whole result is measured as well, and encoded once more if it is off.
4. Where not even the wanted quality saves a tenth, nothing is encoded: the source is already small.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs import errors
from jobs.encoding.command import sample_command
from jobs.encoding.encode import Encoded, encode_seconds, encode_whole, megapixels, plan_of
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.search import Goal, Trial, next_crf, search
from jobs.encoding.picture import Span
from jobs.encoding.session import EncodeSession
from jobs.encoding.tracks import Tracks
from jobs.encoding.vmaf import NothingMeasured, can_be_measured, measure_command, read_score

logger = logging.getLogger(__name__)

WORTHWHILE = 0.9  # of the source's bytes; a result above it is not worth having
SHORTEST_MEASURED = 2.0  # seconds
SHORTEST_SAMPLED = 20.0  # seconds; below it, starting up costs more than encoding all of it
LONGEST_MEASURED = 120.0  # seconds; beyond, samples speak for the film
SAMPLE_ROUNDS, SAMPLE_TOLERANCE = 3, 1.5  # VMAF; a straight line goes the rest of the way
SAMPLES_EXCESS = 1.25  # samples cost more bytes than their share: each begins with a key frame
WHOLE_ROUNDS, WHOLE_TOLERANCE = 4, 0.8  # VMAF; measuring itself errs by 0.1
UNMEASURED_BONUS = 2  # CRF finer than usual where nobody checks
MEASURE_COST = 0.012  # seconds per million pixels


def aim_at_quality(session: EncodeSession) -> Encoded | None:
    """None: the source is already small."""
    media = session.media
    if not media.duration or media.duration < SHORTEST_MEASURED or not can_be_measured(media):
        return _unmeasured(session)
    try:
        return _measured(session, media.duration)
    except (errors.EncodeFailed, NothingMeasured) as failure:  # damaged where a sample lies, or it changes its size
        logger.warning("%s cannot be measured, it is encoded without: %s", session.args.source, failure)
        return _unmeasured(session)


def _unmeasured(session: EncodeSession) -> Encoded:
    crf = session.options.video_codec.usual_crf - UNMEASURED_BONUS
    return encode_whole(session, {"crf": crf}, plan_of(session))


def _measured(session: EncodeSession, duration: float) -> Encoded | None:
    aim = _Aim(session, plan_of(session), session.media, duration)
    samples = aim.sample() if duration >= SHORTEST_SAMPLED else []
    if samples and aim.is_hopeless(samples[-1], SAMPLES_EXCESS):
        return None
    return aim.encode_by(samples) if duration > LONGEST_MEASURED else aim.encode_and_measure(samples)


def sample_spans(duration: float) -> list[Span]:
    """Where the samples lie: enough to speak for the film, and at most an eighth of it."""
    total = min(32.0, max(2.4, duration * (0.12 if duration <= LONGEST_MEASURED else 0.045)))
    count = min(8, max(3, round(total / 1.2)))
    gap = duration / count
    return [(gap * (number + 0.5) - total / count / 2, total / count) for number in range(count)]


@dataclass
class _Aim:
    session: EncodeSession
    tracks: Tracks
    media: MediaInfo
    duration: float

    @property
    def target(self) -> int:
        return self.session.options.target_quality

    def sample(self) -> list[Trial]:
        spans = sample_spans(self.duration)
        self._set_aside(sum(seconds for _, seconds in spans))
        goal = Goal(
            self.target, SAMPLE_TOLERANCE, SAMPLE_ROUNDS, lambda trial: self.is_hopeless(trial, SAMPLES_EXCESS)
        )
        return search(lambda crf: self._try_samples(crf, spans), self.session.options.video_codec, goal)

    def encode_by(self, samples: Sequence[Trial]) -> Encoded:
        """One encode, at what the samples say."""
        crf = next_crf(samples, self.session.options.video_codec, self.target)
        nearest = min(samples, key=lambda trial: abs(trial.crf - crf))
        encoded = encode_whole(self.session, {"crf": crf}, self.tracks)
        slope = self.session.options.video_codec.slope
        return replace(encoded, vmaf=round(nearest.vmaf + slope * (nearest.crf - crf), 2))

    def encode_and_measure(self, samples: Sequence[Trial]) -> Encoded | None:
        """Encodes until one is as wanted; the nearest one counts."""
        encoded: dict[float, Encoded] = {}

        def attempt(crf: float) -> Trial:
            encoded[crf] = encode_whole(self.session, {"crf": crf}, self.tracks, name=f"crf-{crf}")
            vmaf = self._measure(encoded[crf])
            encoded[crf] = replace(encoded[crf], vmaf=round(vmaf, 2))
            return Trial(crf, vmaf, encoded[crf].size)

        goal = Goal(self.target, WHOLE_TOLERANCE, WHOLE_ROUNDS, self.is_hopeless)
        trials = search(attempt, self.session.options.video_codec, goal, samples)
        if self.is_hopeless(trials[-1]):
            return None
        best = min(trials, key=lambda trial: abs(trial.vmaf - self.target))
        return encoded[best.crf]

    def is_hopeless(self, trial: Trial, margin: float = 1.0) -> bool:
        """Not good enough yet, and too large already."""
        if self.session.options.changes_more:
            return False
        return trial.vmaf < self.target + 1 and trial.bytes > margin * WORTHWHILE * self.media.size

    def _try_samples(self, crf: float, spans: Sequence[Span]) -> Trial:
        sampled = sum(seconds for _, seconds in spans)
        target = self.session.workdir / "sample"
        argv = sample_command(self.session.args, target, {"crf": crf}, spans)
        expected = encode_seconds(self.session.options, self.media, sampled)
        run = self.session.run(argv, "search", media_seconds=sampled, expected=expected)
        self.session.estimator.expect(encode=run.seconds / sampled * self.duration)
        vmaf = self._measure(Encoded(target, self.tracks, run.reading.frames, sampled, run.log), spans)
        video = target.stat().st_size / sampled * self.duration
        sound = sum((sound.bit_rate or 0) / 8 for sound in self.media.sounds) * self.duration
        return Trial(crf, vmaf, round(video + (sound if self.tracks.count("a") else 0)))

    def _measure(self, encoded: Encoded, spans: Sequence[Span] = ()) -> float:
        log = self.session.workdir / "vmaf.json"
        argv = measure_command(self.session.args, encoded.path, log, spans, _every(encoded.frames))
        expected = MEASURE_COST * megapixels(self.session.options, self.media, encoded.seconds)
        # The measuring run counts in milliseconds per frame: see measure_command.
        self.session.run(argv, "search", media_seconds=encoded.frames / 1000, expected=expected)
        return read_score(log).mean

    def _set_aside(self, sampled: float) -> None:
        options, media = self.session.options, self.media
        once = encode_seconds(options, media, sampled) + MEASURE_COST * megapixels(options, media, sampled)
        measured = MEASURE_COST * megapixels(options, media) if self.duration <= LONGEST_MEASURED else 0.0
        self.session.estimator.expect(search=2 * once + measured)


def _every(frames: int) -> int:
    """Score about 100 frames; primes, so that no pattern of B-frames is met again and again."""
    return next((prime for prime in (3, 5, 7, 11, 13, 17, 19) if prime * 100 >= frames), 23)
