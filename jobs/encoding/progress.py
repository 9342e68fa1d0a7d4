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
ORDER = [phase for phase in PHASES if phase != PAUSED]
TELLING = 10.0  # seconds of media, from which on their bytes say what all of it will take;
AT_ONCE = 262_144  # but ffmpeg's count goes up by so many bytes,
TELLING_BYTES = 8 * AT_ONCE  # so that few say little
MOSTLY_NOT = 0.5  # of the runs that may follow count for the bar, since mostly none does; all, for the time left
NEARLY_DONE = 0.99  # a report before the end never says more
SMOOTHING = 0.3  # weight of the newest estimate of the time left


@dataclass(frozen=True)
class Progress:
    """`fraction` is of the whole job and below 1; `speed` is media seconds per second; None is unknown.

    `bytes` are made in the present run; `expected_bytes` is what the result should take, by what is known so far.
    """

    phase: str
    fraction: float | None = None
    fps: float | None = None
    speed: float | None = None
    eta_seconds: float | None = None
    bytes: int | None = None
    expected_bytes: int | None = None
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

    Phases weigh what they cost in time. `ahead` holds the seconds that one run of each phase should take on a machine
    of usual speed; those of later phases are still to come, those of earlier ones are over, whatever came of them. The
    run that is on is judged by itself: what it took so far says what it will take, and by how much this machine is
    slower. `again`, set before a run begins, is how many more of its phase will follow it, on average.

    With each report the fraction goes on by done / (done + left) of what is missing, both in seconds of work. Where
    all is guessed right, that is the share of all time; where it was not, the fraction slows down or hurries up, but
    while work goes on it never stands still, falls, or ends early. It reaches 1 only with the completion.
    """

    ahead: dict[str, float]
    clock: Callable[[], float] = time.monotonic
    fraction: float = 0.0
    slowness: float = 1.0  # of this machine, times what is usual
    again: float = 0.0
    expected_bytes: float | None = None  # of the result
    _left: float | None = None
    _phase: str = ""
    _expected: float = 0.0
    _again: float = 0.0
    _done: float = 0.0  # of the run that is on
    _tells: bool = False  # how far it is
    _phase_started: float = field(init=False)
    _told_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._told_at = self._phase_started = self.clock()

    def expect(self, **seconds: float) -> None:
        """Better estimates of runs to come, usually from having measured an earlier one here."""
        self.ahead |= {phase: spent / self.slowness for phase, spent in seconds.items()}

    def expected(self, phase: str) -> float:
        """Seconds on this machine that a run of this phase should take."""
        return self.slowness * self.ahead.get(phase, 0.0)

    def begin(self, phase: str, seconds: float) -> None:
        """A run begins that should take so long on a machine of usual speed; the one before it is done."""
        if self._tells:
            self.at(1.0, Reading())
        self._phase, self._phase_started = phase, self.clock()
        self._expected, self._left, self._done, self._tells = seconds, None, 0.0, False
        self._again, self.again = self.again, 0.0

    def at(self, done: float | None, reading: Reading) -> Progress:
        """The job's progress, where `done` is how much of the present run is done (None where unknown).

        Where that is unknown but something was known before, time goes on all the same.
        """
        progress = Progress(
            self._phase,
            fps=reading.fps,
            speed=reading.speed,
            bytes=reading.bytes,
            expected_bytes=self._heading_for(done, reading),
        )
        if done is None and not self.fraction:
            return progress
        worked, left, perhaps = self._work(done)
        missing = worked + left + MOSTLY_NOT * perhaps
        self.fraction = min(NEARLY_DONE, self.fraction + (1 - self.fraction) * worked / max(missing, 1e-6))
        return replace(
            progress, fraction=round(self.fraction, 4), eta_seconds=round(self._smoothed(left + perhaps), 1)
        )

    def paused(self, seconds: float) -> Progress:
        """The job stands still, and has for so many seconds since this was asked last: they count for nothing."""
        self._told_at += seconds
        self._phase_started += seconds
        return Progress(PAUSED, fraction=round(self.fraction, 4) or None)

    def _heading_for(self, done: float | None, reading: Reading) -> int | None:
        """What is made counts, and for the rest what was expected; without that, as much for each second."""
        expected, made = self.expected_bytes, (reading.bytes or 0) + AT_ONCE / 2
        if self._phase == "encode" and done and made > TELLING_BYTES and reading.seconds >= TELLING:
            expected = made / min(done, 1.0) if expected is None else made + max(0.0, 1 - done) * expected
        return None if expected is None else round(expected)

    def _work(self, done: float | None) -> tuple[float, float, float]:
        """Seconds of work that are done since the last report, that are left, and that may be added to them."""
        if done is None:
            done, slowness = self._guessed(), self.slowness
            pace = slowness * self._expected
        else:
            done = min(max(done, 0.0), 1.0)
            pace, slowness = self._judged(done)
            self._tells = True
        worked, self._done = max(0.0, done - self._done) * pace, max(done, self._done)
        left = pace * (1 - done) + slowness * self._still_ahead()
        return worked, left, slowness * self._again * self._expected

    def _smoothed(self, left: float) -> float:
        passed, self._told_at = self.clock() - self._told_at, self.clock()
        self._left = left if self._left is None else SMOOTHING * left + (1 - SMOOTHING) * max(0.0, self._left - passed)
        return self._left

    def _judged(self, done: float) -> tuple[float, float]:
        """Seconds that all of this run takes, and how slow that is."""
        spent = self.clock() - self._phase_started
        # Early on, the guess counts, unless time has shown already that it was too low; from a quarter on, only the
        # run's own pace does.
        trust = min(1.0, 4 * done)
        guess = max(self._expected * self.slowness, 2 * spent)
        pace = trust * spent / done + (1 - trust) * guess if done > 0 else guess
        slowness = pace / self._expected if self._expected else self.slowness
        if trust == 1.0:
            self.slowness = slowness
        return pace, slowness

    def _guessed(self) -> float:
        """How much of a run is done, by time alone: ever more, never all of it."""
        spent = self.clock() - self._phase_started
        return spent / max(spent + self._expected * self.slowness, 1e-6)

    def _still_ahead(self) -> float:
        later = ORDER[ORDER.index(self._phase) + 1 :] if self._phase in ORDER else ORDER
        return sum(self.ahead.get(phase, 0.0) for phase in later)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().removesuffix("x"))
    except ValueError:
        return None
