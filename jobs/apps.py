"""The application."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"

    def ready(self) -> None:
        from jobs import checks, sign_in  # noqa: F401  models are not loaded before; importing registers them
