"""A worker's hold on its work: the heart that keeps beating, and the writing of what came of it."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from jobs.encoding import Progress
from jobs.unreachable import DatabaseUnreachable, database_or_unreachable, give_back_connection, persist

logger = logging.getLogger(__name__)

T = TypeVar("T")
BEAT = 1.0  # seconds
LAST_BEAT = 2.0  # seconds that its end waits for a beat that is under way


class Lease:
    """Held while the block lasts, by a thread of its own: the work may be silent, or busy with a slow disk.

    1. Every second, and whenever a new phase begins, the newest progress goes into the row. That is the sign of life,
       and it asks whether the job is still ours: `tell` passes the answer on, without waiting for the database.
    2. It is not: the heart stops.
    3. The database is unreachable: the work goes on, and the next beat tries again.
    4. Between two beats no connection is held.
    """

    def __init__(self, beat: Callable[[Progress | None], bool], is_ending: Callable[[], bool] = lambda: False):
        """`beat` reports the progress to the row; False: the work is not ours any more.

        `is_ending`: this worker was told to end, so that nothing is waited for any more.
        """
        self._report = beat
        self._is_ending = is_ending
        self._progress: Progress | None = None
        self._is_ours = True
        self._is_over = False
        self._reachable = True
        self._wake = threading.Event()
        self._heart = threading.Thread(target=self._beat_on, name="heart", daemon=True)

    def __enter__(self) -> "Lease":
        self._heart.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._wake.set()
        self._heart.join(LAST_BEAT)

    def tell(self, progress: Progress) -> bool:
        """Note how far the work is. False means: the job was canceled or given to another, stop."""
        is_new = self._progress is None or self._progress.phase != progress.phase
        self._progress = progress
        if is_new:
            self._wake.set()
        return self._is_ours

    def write(self, verb: Callable[[], T]) -> T:
        """The verb's answer, however long the database is away. Raises DatabaseUnreachable if this worker must end."""
        return persist(verb, self._is_ending)

    def _beat_on(self) -> None:
        while self._is_ours and not self._is_over:
            self._wake.wait(BEAT)
            self._wake.clear()
            if not self._is_over:
                self._beat()

    def _beat(self) -> None:
        try:
            with database_or_unreachable():
                self._is_ours = self._report(self._progress)
                give_back_connection()
        except DatabaseUnreachable as error:
            self._note(False, "The database is unreachable, the work goes on: %s", error)
        except Exception:  # a heart that stopped for a defect of ours would cost a healthy job
            logger.exception("The work could not be reported on; it goes on")
        else:
            self._note(True, "The database is back, the work is reported on again")

    def _note(self, reachable: bool, message: str, *details: Any) -> None:
        """Once for each outage."""
        if reachable != self._reachable:
            logger.warning(message, *details)
        self._reachable = reachable
