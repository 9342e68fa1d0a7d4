"""`Preset`: a choice of recipe and options to which a user gave a name."""

from django.conf import settings
from django.db import models

MAX_NAME = 60


class Preset(models.Model):
    """A job keeps what its preset said when it was submitted; changing the preset changes no job."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presets")
    name = models.CharField(max_length=MAX_NAME)
    options = models.JSONField(help_text="The recipe and what was chosen on top of it.")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="preset_name_unique_per_owner")]

    def __str__(self) -> str:
        return self.name
