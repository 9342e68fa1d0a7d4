"""Finding the CRF that gives a picture of the wanted quality: arithmetic only, whoever makes the trials."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jobs.encoding.codecs import Codec

LONGEST_STEP = 10.0  # of CRF; a line drawn through two points means little farther away
HALF_AT = 8.0  # CRF coarser, about half the bytes
AGAIN = 0.4, 0.3, 0.2  # rounds that follow the first, the second, any other; mostly the first one will do
SAMPLES_COST = 1.1  # times their share of the bytes, on average: each begins with a key frame
FLATTEST = 0.1  # VMAF per unit of CRF; a slope below it is noise


@dataclass(frozen=True)
class Trial:
    """What came of encoding at a CRF: VMAF (mean) and bytes."""

    crf: float
    vmaf: float
    bytes: int


@dataclass(frozen=True)
class Goal:
    """Which VMAF to meet, how nearly, in how many trials; `stop` may end the search at a trial."""

    vmaf: float
    tolerance: float
    rounds: int
    stop: Callable[[Trial], bool] = lambda trial: False


def search(attempt: Callable[[float], Trial], codec: Codec, goal: Goal, known: Sequence[Trial] = ()) -> list[Trial]:
    """Try CRFs until one meets the goal. Answers the trials in their order.

    `known` are trials of something similar: they say where to begin, and how steep it is there.
    """
    trials: list[Trial] = []
    while len(trials) < goal.rounds:
        crf = next_crf(_comparable(trials, known), codec, goal.vmaf)
        if crf in {trial.crf for trial in trials}:
            break
        trials.append(attempt(crf))
        if abs(trials[-1].vmaf - goal.vmaf) <= goal.tolerance or goal.stop(trials[-1]):
            break
    return trials


def crf_after(trial: Trial, codec: Codec, target: float, known: Sequence[Trial]) -> float:
    """Where the target should lie after one trial; `known` are trials of something similar."""
    return next_crf(_comparable([trial], known), codec, target)


def bytes_at(trials: Sequence[Trial], crf: float) -> float:
    """What it would take at a CRF, by the trials nearest to it: bytes halve and double with the CRF."""
    by_distance = sorted({trial.crf: trial for trial in trials}.values(), key=lambda trial: abs(trial.crf - crf))
    near = by_distance[0]
    if len(by_distance) < 2:
        return near.bytes * math.exp2((near.crf - crf) / HALF_AT)
    other = by_distance[1]
    growth = math.log(other.bytes / near.bytes) / (other.crf - near.crf)
    return near.bytes * math.exp(growth * (crf - near.crf))


def _comparable(trials: Sequence[Trial], known: Sequence[Trial]) -> Sequence[Trial]:
    """What is known from elsewhere, moved so that it agrees with what was tried here at the same CRF."""
    if len(trials) != 1 or len(known) < 2:
        return trials or known
    (only,) = trials
    a, b = sorted(known, key=lambda trial: abs(trial.crf - only.crf))[:2]
    slope = max(FLATTEST, (a.vmaf - b.vmaf) / (b.crf - a.crf))
    return [only, Trial(only.crf + 1, only.vmaf - slope, only.bytes)]


def bytes_by_samples(samples: Sequence[Trial], crf: float) -> float | None:
    """What the whole should take there, by trials of samples of it; None without one."""
    return bytes_at(samples, crf) / SAMPLES_COST if samples else None


def likely_again(number: int, rounds: int) -> float:
    """How many rounds follow the one of this number (0 is the first) on average, where there are at most so many."""
    return min(max(0, rounds - 1 - number), AGAIN[min(number, len(AGAIN) - 1)])


def next_crf(trials: Sequence[Trial], codec: Codec, target: float) -> float:
    """Where the target should lie, given what was tried. Without trials: the codec's usual CRF."""
    if not trials:
        return codec.usual_crf
    nearest = min(
        trials, key=lambda trial: (abs(trial.vmaf - target), -trial.crf if trial.vmaf > target else trial.crf)
    )
    step = (nearest.vmaf - target) / _slope(trials, codec, target)
    step = max(-LONGEST_STEP, min(LONGEST_STEP, step))
    crf = round((nearest.crf + step) / codec.crf_step) * codec.crf_step
    return max(codec.finest_crf, min(codec.coarsest_crf, crf))


def _slope(trials: Sequence[Trial], codec: Codec, target: float) -> float:
    """VMAF lost per unit of CRF: through the two trials around the target, or the two nearest on one side."""
    by_distance = sorted(trials, key=lambda trial: abs(trial.vmaf - target))
    above = [trial for trial in by_distance if trial.vmaf >= target]
    below = [trial for trial in by_distance if trial.vmaf < target]
    pair = (above[0], below[0]) if above and below else tuple(by_distance[:2])
    if len(pair) < 2 or pair[0].crf == pair[1].crf:
        return codec.slope
    return max(FLATTEST, (pair[0].vmaf - pair[1].vmaf) / (pair[1].crf - pair[0].crf))
