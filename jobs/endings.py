"""How work that is held ends: every ending has a shape, whether a job is held or a piece of one."""

import logging
import traceback
from collections.abc import Callable
from typing import Any, Protocol

from jobs import errors, installation, queue
from jobs.lease import Lease
from jobs.storage.room import is_full
from jobs.unreachable import DatabaseUnreachable

logger = logging.getLogger(__name__)


class Held(Protocol):
    """What a worker has taken: how it is called in the log, and the two ways to let go of it."""

    lease: Lease
    label: str

    def fail(self, failure: errors.JobFailure) -> Any:
        """End the job with an error. None: it was not ours any more."""

    def hand_back(self) -> Any:
        """To another worker, because this one is ending."""


def see_through(held: Held, work: Callable[[], None]) -> None:
    """Do the work; exactly one end.

    1. It went well, or it failed for what the source is or for what happened.
    2. It was handed back, because this worker is ending. Told to stop for any other reason, it is not ours any more.
    3. What nobody foresaw is a failure of ours: it ends the job at once, with its traceback for operators.
    4. A database that is unreachable is waited for, unless this worker is ending: then the lease runs out, and the
       sweep gives the work to another.
    """
    try:
        work()
    except errors.JobFailure as failure:
        logger.info("%s failed: %s", held.label, failure.code)
        held.fail(failure)
    except errors.Stopped:
        if queue.shutdown_requested():
            held.hand_back()
    except queue.Shutdown:
        held.hand_back()
    except DatabaseUnreachable:
        raise
    except Exception as error:  # noqa: BLE001  every ending has a shape
        _blame_ourselves(held, error)


def _blame_ourselves(held: Held, error: Exception) -> None:
    if not held.lease.write(installation.sees_its_files):
        logger.error("The files of this database went away; %s is handed back", held.label)
        held.hand_back()
    elif held.fail(_failure_of_ours(error)):  # else it was canceled, and its files went with it
        logger.exception("%s met a defect of ours", held.label)


def _failure_of_ours(error: Exception) -> errors.JobFailure:
    log = traceback.format_exc()
    return errors.OutOfRoom(log=log) if is_full(error) else errors.InternalFailure(log=log)
