"""The method `quality`: the fewest bytes that look as good as was asked for, by measuring VMAF while encoding.

1. A few short samples, spread over the film and encoded as one, tell where the CRF should lie; of a short clip, its
   beginning does.
2. The whole is encoded there and measured; up to two minutes it is encoded once more if it is off.
3. Where not even the wanted quality saves a tenth, nothing is encoded: the source is already small.
4. A source that is too small or too damaged to be measured is encoded finer than usual.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs import errors
from jobs.encoding.encode import Encoded, encode_whole, plan_of
from jobs.encoding.methods.samples import LONGEST_REPEATED, SAMPLES_EXCESS, is_hopeless, of_beginning, of_samples
from jobs.encoding.methods.search import Goal, Trial, bytes_at, bytes_by_samples, likely_again, next_crf, search
from jobs.encoding.session import EncodeSession, Outgrown
from jobs.encoding.tracks import Tracks
from jobs.encoding.vmaf import NothingMeasured, can_be_measured

logger = logging.getLogger(__name__)

WHOLE_ROUNDS, WHOLE_TOLERANCE = 4, 0.8  # VMAF; measuring itself errs by 0.1
FILM_TOLERANCE = 3.0  # VMAF; a long film is encoded again only where nothing told beforehand how it would be
COARSER = 8  # CRF; about half the bytes
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
    try:
        samples = list(session.args.known) if session.args.is_hurried else of_samples(session)
    except errors.OutOfMemory as failure:
        logger.warning("%s cannot be measured, it is encoded without: %s", session.args.source, failure)
        return Found(_unmeasured_crf(session), is_measured=False)
    if samples and is_hopeless(session, samples[-1], SAMPLES_EXCESS):
        return None
    return Found(next_crf(samples, session.options.video_codec, session.options.target_quality), trials=tuple(samples))


def _measured(session: EncodeSession) -> Encoded | None:
    samples = of_samples(session)
    if samples and is_hopeless(session, samples[-1], SAMPLES_EXCESS):
        return None
    is_repeated = (session.media.duration or 0.0) <= LONGEST_REPEATED
    tolerance = WHOLE_TOLERANCE if is_repeated else FILM_TOLERANCE
    rounds = WHOLE_ROUNDS if is_repeated else 1 if samples else 2
    goal = Goal(session.options.target_quality, tolerance, rounds, lambda trial: is_hopeless(session, trial))
    known = samples or (of_beginning(session) if is_repeated else [])
    return _encode_and_measure(session, known, goal, is_sure=bool(samples))


def _encode_and_measure(
    session: EncodeSession, known: Sequence[Trial], goal: Goal, *, is_sure: bool
) -> Encoded | None:
    """Encodes until one is as wanted; the nearest one counts. `is_sure`: what is known speaks for the whole."""
    encoded: dict[float, Encoded] = {}
    tracks, too_fine = plan_of(session), -math.inf

    def attempt(crf: float) -> Trial:
        nonlocal too_fine
        if crf <= too_fine:  # what outgrew its source at a coarser one would outgrow it again
            raise Outgrown
        session.estimator.again = likely_again(len(encoded), goal.rounds)
        tried = [Trial(crf, made.vmaf or 0.0, made.size) for crf, made in encoded.items()]
        session.expect_bytes(bytes_at(tried, crf) if tried else bytes_by_samples(known, crf))
        try:
            made = _encode(session, tracks, crf)
        except Outgrown:
            if encoded or is_sure:
                raise
            # It was not measured, and may have been finer than need be: a coarser one tells.
            too_fine = crf
            made = _encode(session, tracks, crf := crf + COARSER)
        encoded[crf] = made
        return Trial(crf, made.vmaf or 0.0, made.size)

    trials = search(attempt, session.options.video_codec, goal, known)
    if goal.rounds > 1 and is_hopeless(session, trials[-1]):
        return None
    best = min(trials, key=lambda trial: abs(trial.vmaf - goal.vmaf))
    made = encoded[best.crf]
    return made if best is trials[-1] else replace(made, has_stills=False)


def _encode(session: EncodeSession, tracks: Tracks, crf: float) -> Encoded:
    return encode_whole(session, {"crf": crf}, tracks, name=f"crf-{crf}", measured=True)


def _unmeasured(session: EncodeSession) -> Encoded:
    return encode_whole(session, {"crf": _unmeasured_crf(session)}, plan_of(session))


def _unmeasured_crf(session: EncodeSession) -> float:
    return session.options.video_codec.usual_crf - UNMEASURED_BONUS
