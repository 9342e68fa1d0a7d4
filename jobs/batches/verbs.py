"""What is done to all of a batch: the verb of each job, for as many as one request may take.

Each job is changed by itself, or not at all, so the same request again goes on where the last one ended. The batch's
own document says whether there is more to do: the link is there still.
"""

from collections.abc import Callable
from contextlib import suppress

from jobs import errors, lifecycle
from jobs.models import JobQuerySet
from jobs.states import FINAL

AT_ONCE = 250  # jobs; some seconds


def cancel(jobs: JobQuerySet) -> None:
    """What is left: all that has not ended."""
    for job in jobs.live().lean().order_by()[:AT_ONCE]:
        lifecycle.cancel(job)


def retry(jobs: JobQuerySet) -> None:
    """What failed and may go better next time, the oldest first.

    Raises QueueFull and QueueShareTaken where there is no place for more; those that had one, wait in it.
    """
    for job in jobs.retryable().lean().order_by("created_at", "id")[:AT_ONCE]:
        with suppress(errors.NotRetryable):  # somebody else was faster
            lifecycle.retry(job)


def clear(jobs: JobQuerySet) -> None:
    """Delete the files of what has ended, and leave alone what is left."""
    for job in jobs.kept().filter(state__in=FINAL).lean().order_by()[:AT_ONCE]:
        lifecycle.delete(job)


def delete(jobs: JobQuerySet) -> None:
    """Cancel what lives, delete the files of what has ended."""
    for job in jobs.kept().lean().order_by()[:AT_ONCE]:
        lifecycle.delete(job)


VERBS: dict[str, Callable[[JobQuerySet], None]] = {
    "cancel": cancel,
    "retry": retry,
    "clear": clear,
    "delete": delete,
}
