import logging
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from jobs.sweep import sweep

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
        while signal.sigtimedwait(told_to_end, settings.SWEEP_INTERVAL) is None:
            _sweep_once()


def _sweep_once() -> None:
    """A database that is unreachable now may be there next time."""
    close_old_connections()
    try:
        done = {duty: count for duty, count in sweep().items() if count}
    except OperationalError as error:
        logger.warning("The database is unreachable, sweeping again later: %s", error)
    else:
        if done:
            logger.info("Swept: %s", done)
