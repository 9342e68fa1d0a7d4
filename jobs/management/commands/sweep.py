import logging
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from jobs import anchor, lifecycle
from jobs.storage import reserve
from jobs.sweep import sweep
from jobs.unreachable import DatabaseUnreachable, database_or_unreachable, give_back_connection

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    requires_system_checks = ["compressor"]  # Redis may be a moment late; work goes on without it
    help = "Expire results, rescue lost jobs, restore the queue, purge tombstones: every SWEEP_INTERVAL seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do it once and say what was done")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(", ".join(f"{duty} {count}" for duty, count in sweep().items()))
            return
        told_to_end = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, told_to_end)  # a round is finished first
        reachable = False  # for all that is known
        while signal.sigtimedwait(told_to_end, settings.SWEEP_INTERVAL) is None:
            reachable = _sweep_once(after_outage=not reachable)


def _sweep_once(*, after_outage: bool) -> bool:
    """Whether the database could be reached. If not, it may be there next time."""
    try:
        with database_or_unreachable():
            if after_outage:
                reserve.tend()  # SQLite does not even open on a full disk
                lifecycle.clear_suspicions()
            anchor.hold()
            done = {duty: count for duty, count in sweep().items() if count}
            give_back_connection()
    except DatabaseUnreachable as error:
        logger.warning("The database is unreachable, sweeping again later: %s", error)
        return False
    if done:
        logger.info("Swept: %s", done)
    return True
