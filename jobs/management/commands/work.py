from typing import Any

from django.core.management.base import BaseCommand

from jobs import worker


class Command(BaseCommand):
    requires_system_checks = ["compressor"]  # Redis may be a moment late; work goes on without it
    help = "Run one worker: it compresses queued jobs, one at a time, until it is told to end."

    def handle(self, *args: Any, **options: Any) -> None:
        worker.work()
