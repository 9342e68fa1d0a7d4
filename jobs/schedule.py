"""Whose turn is next. A turn is what RQ carries to a worker: who gets it is decided when the worker takes it.

1. What operators put first goes first.
2. Then the owner with the least work running; of those, the one whose last turn is the longest ago.
3. Then age. Of one owner's jobs the older goes first, and with it all of its pieces.

So a clip behind somebody else's film begins within one piece, and of two owners with 100 jobs and with 1, both move.
Everything is read from the rows; a question costs three or four queries over what waits and what runs.
"""

import heapq
import logging
import statistics
import time as clock
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Q

from jobs import queue
from jobs.hours import Closure, closure
from jobs.models import Job, Owner, Piece
from jobs.states import PieceState, State
from jobs.unreachable import RedisUnreachable

logger = logging.getLogger(__name__)

RECENT = 20  # jobs that ended last, from which the pace is taken, and who had a turn
UNKNOWN_SECONDS = 5.0  # that a job takes, where none has ended yet
WORKERS_KNOWN_FOR = 5.0  # seconds
NEWCOMER = UUID(int=0)  # a job that is only thought of
LOOK_AHEAD = 2000  # turns; whoever waits behind so many is told the last place that was looked at

Whose = tuple[int | None, str]  # a user, or a browser, or a network of programs without a name


class Waiting(NamedTuple):
    """A job that has something to do for a worker, in the order of one owner's jobs. `turns`: how many workers."""

    rank: int  # the lower goes first
    age: int  # its number in line, the oldest first
    job_id: UUID
    whose: Whose
    is_queued: bool
    turns: int = 1


@dataclass(frozen=True)
class Line:
    """All that waits; how much of each owner's work runs, and when the owner's last turn began."""

    waiting: tuple[Waiting, ...]
    busy: Counter[Whose] = field(default_factory=Counter)
    last_turns: dict[Whose, datetime] = field(default_factory=dict)
    seconds_each: float = UNKNOWN_SECONDS

    def turns(self) -> Iterator[Waiting]:
        """In their order, as if each began when the one before it has begun."""
        mine: dict[Whose, deque[Waiting]] = defaultdict(deque)
        for each in sorted(self.waiting):
            mine[each.whose].append(each)
        heads = [self._head(jobs[0], self.busy[whose], 0) for whose, jobs in mine.items()]
        heapq.heapify(heads)
        given: Counter[UUID] = Counter()
        for number in range(1, LOOK_AHEAD + 1):
            if not heads:
                return
            _, busy, *_, head = heapq.heappop(heads)
            yield head
            given[head.job_id] += 1
            jobs = mine[head.whose]
            if given[head.job_id] >= head.turns:
                jobs.popleft()
            if jobs:
                heapq.heappush(heads, self._head(jobs[0], busy + 1, number))

    def _head(self, head: Waiting, busy: int, number: int) -> tuple[int, int, int, float, Waiting]:
        """`number` of the turn that the owner had last in this line; 0 for none."""
        last = self.last_turns.get(head.whose)
        return head.rank, busy, number, last.timestamp() if last else 0.0, head

    def places(self, of: Collection[UUID]) -> dict[UUID, int]:
        """Of these queued jobs, 1 being next."""
        places: dict[UUID, int] = {}
        queued = (turn for turn in self.turns() if turn.is_queued)
        for place, turn in enumerate(queued, start=1):
            if turn.job_id in of:
                places[turn.job_id] = place
                if len(places) == len(of):
                    break
        return places

    @property
    def length(self) -> int:
        return sum(each.turns for each in self.waiting)


def line() -> Line:
    """As it is now."""
    # In the order of age, so that no time has to be read: there may be a thousand, and each costs more than all else.
    rows = list(
        Job.objects.filter(Q(state=State.QUEUED, held_at=None) | Q(state=State.RUNNING))
        .order_by("queued_at", "id")
        .values_list(*OWNER, "id", "state", "in_pieces", "held_at", "priority", "started_at")
    )
    pieces = _pieces() if any(row[5] for row in rows) else {}
    last_turns, seconds_each = _recent()
    busy: Counter[Whose] = Counter()
    waiting = []
    for age, (user, visitor, network, job_id, state, in_pieces, held_at, priority, started_at) in enumerate(rows):
        whose = _whose(user, visitor, network)
        turns, running, began = 1, int(state == State.RUNNING), started_at
        if in_pieces:
            turns, running, began = pieces.get(job_id, (1, 0, started_at))
        busy[whose] += running
        _note(last_turns, whose, began)
        if turns and not held_at and (in_pieces or state == State.QUEUED):
            waiting.append(Waiting(-priority, age, job_id, whose, state == State.QUEUED, turns))
    return Line(tuple(waiting), busy, last_turns, seconds_each)


OWNER = ("owner", "visitor", "network")


def _whose(user: int | None, visitor: str, network: str) -> Whose:
    return (user, "") if user is not None else (None, visitor or network)


def _pieces() -> dict[UUID, tuple[int, int, datetime | None]]:
    """Of each job in pieces: for how many workers there is something to do, how many are at it, the last beginning."""
    counted = (
        Piece.objects.wanted()
        .order_by()
        .values_list("job")
        .annotate(
            waiting=Count("pk", filter=Q(state=PieceState.WAITING)),
            running=Count("pk", filter=Q(state=PieceState.RUNNING)),
            began=Max("started_at"),
        )
    )
    # Where nothing waits and nothing runs, the pieces wait to be joined.
    return {job_id: (waiting or int(not running), running, began) for job_id, waiting, running, began in counted}


def _recent() -> tuple[dict[Whose, datetime], float]:
    """Who had a turn lately, and how many seconds a job took."""
    ended = Job.objects.filter(state=State.COMPLETED).order_by("-finished_at")
    last_turns: dict[Whose, datetime] = {}
    took = []
    for user, visitor, network, started_at, finished_at in ended.values_list(*OWNER, "started_at", "finished_at")[
        :RECENT
    ]:
        if started_at and finished_at:
            _note(last_turns, _whose(user, visitor, network), started_at)
            took.append((finished_at - started_at).total_seconds())
    return last_turns, statistics.fmean(took) if took else UNKNOWN_SECONDS


def _note(last_turns: dict[Whose, datetime], whose: Whose, began: datetime | None) -> None:
    if began and began > last_turns.get(whose, began - timedelta(1)):
        last_turns[whose] = began


def place(jobs: Iterable[Job]) -> list[Job]:
    """The jobs with their `position` and `wait_seconds`, where they are queued: one look at the line for all."""
    placed = list(jobs)
    queued = [job for job in placed if job.state == State.QUEUED and not job.held_at]
    if queued:
        now = line()
        places = now.places({job.pk for job in queued})
        for job in queued:
            job.position = places.get(job.pk, 1)  # a worker took it between the two looks: it was next
            job.wait_seconds = -(-job.position // max(1, live_workers())) * now.seconds_each
    return placed


def wait_of_newcomer(owner: Owner) -> float:
    """Seconds until a job that this owner submitted now would begin, about; 0 where a worker is free."""
    now, workers = line(), max(1, live_workers())
    whose = _whose(owner.user.pk if owner.user else None, owner.visitor, owner.network)
    newcomer = Waiting(0, max((each.age for each in now.waiting), default=0) + 1, NEWCOMER, whose, is_queued=True)
    turns = replace(now, waiting=(*now.waiting, newcomer)).turns()
    before = next((number for number, turn in enumerate(turns) if turn.job_id == NEWCOMER), LOOK_AHEAD)
    rounds = -(-max(0, before + 1 + sum(now.busy.values()) - workers) // workers)
    return rounds * now.seconds_each


class _Workers:
    """How many there are, asked anew every few seconds: a poll should not wait for Redis."""

    def __init__(self) -> None:
        self._count, self._until = 1, 0.0

    def __call__(self) -> int:
        if clock.monotonic() >= self._until:
            try:
                self._count = queue.workers()
            except RedisUnreachable:
                self._count = settings.WORKERS
            self._until = clock.monotonic() + WORKERS_KNOWN_FOR
        return self._count


live_workers = _Workers()


def call_workers() -> int:
    """See that as many entries wait in Redis as there is work for. How many were missing."""
    try:
        missing = line().length - queue.length() if is_open() else 0
    except RedisUnreachable as error:
        logger.warning("Redis is unreachable, what waits goes on waiting: %s", error)
        return 0
    return queue.offer(missing) if missing > 0 else 0


def stillness() -> Closure | None:
    """Why nothing begins now, if nothing does: all is paused, it is not the hour, or nobody is there to do it."""
    return closure() or (None if live_workers() else Closure(no_worker=True))


def is_open(now: datetime | None = None) -> bool:
    """Whether anything may begin: operators have not paused all, and it is within `WORK_HOURS`."""
    return closure(now) is None
