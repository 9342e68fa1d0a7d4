"""The questions that are asked before a byte of a new video is taken, at whichever door it comes.

A question takes a `Newcomer` and raises the Problem with which it is turned away. To ask another one, write it
and name it in `QUESTIONS`; the cheapest come first.

1. They are asked of a form (`intake.py`): when its headers are in, before its body is read, and once more when it is
   here.
2. Of an announcement (`submit.py`, for JSON and tus) only the disk is asked, in the transaction that writes the row:
   whoever writes it asks for the owner's share (`lifecycle.announce`).
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Sum

from jobs import errors, lifecycle, shares
from jobs.models import Job, Owner
from jobs.states import State
from jobs.storage import storage
from jobs.storage.room import BUSY_SECONDS


@dataclass(frozen=True)
class Newcomer:
    """Who wants to bring what: `size` is of the video, `to_come` is how many bytes of it are not here yet."""

    owner: Owner
    size: int
    to_come: int


def admit(newcomer: Newcomer) -> None:
    """Raises the Problem of the first question that is answered with no."""
    for question in QUESTIONS:
        question(newcomer)


def owner_has_a_share(newcomer: Newcomer) -> None:
    """Of places and bytes. It is asked again when the row is written, with what came meanwhile."""
    lifecycle.ask_for_share(shares.check_submission, newcomer.owner, newcomer.size)


def disk_has_room(newcomer: Newcomer) -> None:
    """What is announced but not here yet counts as taken, and so does what workers need for their results.

    Sources that are only kept for another recipe go for it, where that suffices.
    """
    taken = _promised() + newcomer.to_come + _being_made(newcomer.size)
    while (short := settings.MIN_FREE_BYTES + taken - storage.free_bytes()) > 0:
        if not lifecycle.make_room(short):
            raise errors.NoRoom(retry_after=BUSY_SECONDS)


def _promised() -> int:
    """Bytes that uploads have yet to bring, by tus and by forms."""
    left = Sum(F("size") - F("received_bytes"))
    by_tus = Job.objects.filter(state=State.UPLOADING).aggregate(left=left)["left"] or 0
    return by_tus + storage.incoming_bytes()


def _being_made(size: int) -> int:
    """Beside its source each worker makes a result, which may become as large; the source can go only then.

    Without that room a disk full of sources would keep every worker waiting for ever.
    """
    largest = Job.objects.live().order_by("-size").values_list("size", flat=True)[: settings.WORKERS]
    return sum(heapq.nlargest(settings.WORKERS, [size, *largest]))


QUESTIONS: tuple[Callable[[Newcomer], None], ...] = (owner_has_a_share, disk_has_room)
