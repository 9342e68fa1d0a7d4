"""How far a job is: one fraction over all phases, and the time that is left."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

PAUSED = "paused"
PHASES = {  # in their order, each with what a person is told
    "inspect": "Looking at it",
    "search": "Finding the best quality",
    "analyze": "Looking at every scene",
    "encode": "Compressing",
    "verify": "Checking the result",
    "publish": "Almost there",
    PAUSED: "Paused, for the disk is nearly full; it goes on when there is room",  # comes at any time
}
NEARLY_DONE = 0.99  # a report before the end never says more
SMOOTHING = 0.3  # weight of the newest estimate of the time left


@dataclass(frozen=True)
class Progress:
    """`fraction` is of the whole job and below 1; `speed` is media seconds per second; None is unknown."""

    phase: str
    fraction: float | None = None
    fps: float | None = None
    speed: float | None = None
    eta_seconds: float | None = None
    bytes: int | None = None
    pieces: dict[str, Any] | None = None  # of a film in pieces: how many there are and are done

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Report = Callable[[Progress], bool]


@dataclass(frozen=True)
class Reading:
    """What ffmpeg said last of one run: `seconds` of media and `frames` that came out of it."""

    seconds: float = 0.0
    frames: int = 0
    fps: float | None = None
    speed: float | None = None
    bytes: int | None = None


def read_line(reading: Reading, line: str) -> Reading:
    """The reading after one `key=value` line. Values may be `N/A`; `out_time_us` is what its name says."""
    key, _, text = line.strip().partition("=")
    value = _number(text)
    if value is None:
        return reading
    match key:
        case "out_time_us":
            changes: dict[str, Any] = {"seconds": max(reading.seconds, value / 1_000_000)}
        case "frame":
            changes = {"frames": int(value)}
        case "fps" | "speed":
            changes = {key: value or None}
        case "total_size":
            changes = {"bytes": int(value)}
        case _:
            changes = {}
    return replace(reading, **changes)


@dataclass
class ProgressEstimator:
    """Turns how far one run of ffmpeg is into how far the job is.

    Phases weigh what they cost in time. `ahead` holds the seconds that each phase still to come should take on a
    machine of usual speed; the phase that runs is judged by itself: what it took so far says what it will take, and by
    how much this machine is slower. So the fraction is time spent / (time spent + time left). It never falls, and
    reaches 1 only with the completion.
    """

    ahead: dict[str, float]
    clock: Callable[[], float] = time.monotonic
    fraction: float = 0.0
    slowness: float = 1.0  # of this machine, times what is usual
    _left: float | None = None
    _phase: str = ""
    _started: float = field(init=False)
    _phase_started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self._phase_started = self.clock()

    def expect(self, **seconds: float) -> None:
        """Better estimates of phases to come, usually from having measured an earlier one here."""
        self.ahead |= {phase: spent / self.slowness for phase, spent in seconds.items()}

    def expected(self, phase: str) -> float:
        """Seconds on this machine that a phase to come should take."""
        return self.slowness * self.ahead.get(phase, 0.0)

    def begin(self, phase: str, seconds: float) -> None:
        """A run begins that should take so long. It uses up what was set aside for its phase."""
        self._phase, self._phase_started = phase, self.clock()
        self._expected = seconds
        self.ahead[phase] = max(0.0, self.ahead.get(phase, 0.0) - seconds)

    def at(self, done: float | None, reading: Reading) -> Progress:
        """The job's progress, where `done` is how much of the present run is done (None where unknown)."""
        progress = Progress(self._phase, fps=reading.fps, speed=reading.speed, bytes=reading.bytes)
        if done is None:
            return progress
        left = self._seconds_left(min(max(done, 0.0), 1.0))
        spent = self.clock() - self._started
        self.fraction = max(self.fraction, min(NEARLY_DONE, spent / max(spent + left, 1e-6)))
        return replace(progress, fraction=round(self.fraction, 4), eta_seconds=round(left, 1))

    def paused(self, seconds: float) -> Progress:
        """The job stands still, and has for so many seconds since this was asked last: they count for nothing."""
        self._started += seconds
        self._phase_started += seconds
        return Progress(PAUSED, fraction=round(self.fraction, 4) or None)

    def _seconds_left(self, done: float) -> float:
        spent = self.clock() - self._phase_started
        # Early on, the guess counts; from a quarter on, only the run's own pace does.
        trust = min(1.0, 4 * done)
        guess = self._expected * self.slowness
        pace = trust * spent / done + (1 - trust) * guess if done > 0 else guess
        slowness = pace / self._expected if self._expected else self.slowness
        if trust == 1.0:
            self.slowness = slowness
        left = pace * (1 - done) + slowness * sum(self.ahead.values())
        self._left = left if self._left is None else SMOOTHING * left + (1 - SMOOTHING) * self._left
        return self._left


def _number(text: str) -> float | None:
    try:
        return float(text.strip().removesuffix("x"))
    except ValueError:
        return None
