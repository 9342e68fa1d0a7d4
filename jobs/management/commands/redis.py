import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from compressor import redis


class Command(BaseCommand):
    help = "Become the embedded Redis, on the socket that the other processes look for."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            command = redis.command(settings.DATA_DIR)
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        os.execv(command[0], command)  # noqa: S606  our own argv
