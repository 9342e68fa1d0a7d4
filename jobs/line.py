"""Who waits, and in which order: read from the rows, in three or four queries over what waits and what runs.

1. What operators put first goes first.
2. Then the owner with the least work running; of those, the one whose last turn is the longest ago.
3. Then age. Of one owner's jobs the older goes first, and with it all of its pieces.

So a clip behind somebody else's film begins within one piece, and of two owners with 100 jobs and with 1, both move.
"""

import heapq
import math
import statistics
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Exists, IntegerField, Max, Q
from django.db.models.functions import Cast
from django.utils import timezone

from jobs.hours import closure, paused
from jobs.models import Job, Piece
from jobs.states import PieceState, State

RECENT = 20  # jobs that ended last, from which the pace is taken, and who had a turn
UNKNOWN_SECONDS = 5.0  # that a job takes, where none has ended yet
LOOK_AHEAD = 2000  # turns; whoever waits behind so many is told the last place that was looked at

Whose = tuple[int | None, str]  # a user, or a browser, or a network of programs without a name


class Waiting(NamedTuple):
    """A job that has something to do for a worker, in the order of one owner's jobs. `turns`: how many workers."""

    rank: int  # the lower goes first
    age: int  # its number in line, the oldest first
    hex: str  # of its id
    whose: Whose
    is_queued: bool
    turns: int = 1

    @property
    def job_id(self) -> UUID:
        return UUID(self.hex)


@dataclass(frozen=True)
class Line:
    """All that waits; how much of each owner's work runs, and when the owner's last turn began."""

    waiting: tuple[Waiting, ...]
    busy: Counter[Whose] = field(default_factory=Counter)
    last_turns: dict[Whose, datetime] = field(default_factory=dict)
    seconds_each: float = UNKNOWN_SECONDS
    is_paused: bool = False

    def turns(self) -> Iterator[Waiting]:
        """In their order, as if each began when the one before it has begun."""
        mine: dict[Whose, deque[Waiting]] = defaultdict(deque)
        for each in sorted(self.waiting):
            mine[each.whose].append(each)
        heads = [self._head(jobs[0], self.busy[whose], 0) for whose, jobs in mine.items()]
        heapq.heapify(heads)
        given: Counter[int] = Counter()
        for number in range(1, LOOK_AHEAD + 1):
            if not heads:
                return
            _, busy, *_, head = heapq.heappop(heads)
            yield head
            given[head.age] += 1
            jobs = mine[head.whose]
            if given[head.age] >= head.turns:
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
        wanted = {job_id.hex: job_id for job_id in of}
        queued = (turn for turn in self.turns() if turn.is_queued)
        for place, turn in enumerate(queued, start=1):
            if turn.hex in wanted:
                places[wanted[turn.hex]] = place
                if len(places) == len(wanted):
                    break
        return places

    @property
    def length(self) -> int:
        return sum(each.turns for each in self.waiting)

    def seconds_until_open(self) -> float:
        """0 where turns are taken now; infinite where nobody knows when."""
        if not (closed := closure(is_paused=self.is_paused)):
            return 0.0
        return (closed.until - timezone.now()).total_seconds() if closed.until else math.inf


def read_line() -> Line:
    """As it is now."""
    # In the order of age, so that no time has to be read, and what is read stays as the database has it: there may be
    # a thousand, and to make Python's values of them costs more than all else.
    rows = list(
        Job.objects.filter(Q(state=State.QUEUED, held_at=None) | Q(state=State.RUNNING))
        .order_by("queued_at", "id")
        .annotate(id_text=Cast("id", CharField()), is_paused=Cast(Exists(paused()), IntegerField()))
        .values_list(*OWNER, "id_text", "state", "in_pieces", "held_at", "priority", "started_at", "is_paused")
    )
    pieces = _pieces() if any(row[5] for row in rows) else {}
    last_turns, seconds_each = _recent()
    busy: Counter[Whose] = Counter()
    waiting = []
    for age, (user, visitor, network, id_text, state, in_pieces, held_at, priority, started_at, _) in enumerate(rows):
        whose = whose_of(user, visitor, network)
        turns, running, began = 1, int(state == State.RUNNING), started_at
        if in_pieces:
            turns, running, began = pieces.get(UUID(id_text), (1, 0, started_at))
        busy[whose] += running
        _note(last_turns, whose, began)
        if turns and not held_at and (in_pieces or state == State.QUEUED):
            job_hex = id_text.replace("-", "")  # PostgreSQL's way to write it
            waiting.append(Waiting(-priority, age, job_hex, whose, state == State.QUEUED, turns))
    return Line(tuple(waiting), busy, last_turns, seconds_each, is_paused=any(row[-1] for row in rows))


OWNER = ("owner", "visitor", "network")


def whose_of(user: int | None, visitor: str, network: str) -> Whose:
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
            _note(last_turns, whose_of(user, visitor, network), started_at)
            took.append((finished_at - started_at).total_seconds())
    return last_turns, statistics.fmean(took) if took else UNKNOWN_SECONDS


def _note(last_turns: dict[Whose, datetime], whose: Whose, began: datetime | None) -> None:
    if began and began > last_turns.get(whose, began - timedelta(1)):
        last_turns[whose] = began
