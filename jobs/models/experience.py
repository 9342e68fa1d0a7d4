"""`Experience`: what completed jobs of one kind have shown, in a row that does not grow."""

from django.db import models


class Experience(models.Model):
    """Sums of logarithms (`jobs/encoding/estimate.py` says of what), in which older jobs count for less and less.

    `told` counts jobs of which something had been said beforehand; the two after it, in how many it came true.
    """

    kind = models.CharField(max_length=60, primary_key=True)
    jobs = models.FloatField(default=0.0)
    density = models.FloatField(default=0.0)
    density_squares = models.FloatField(default=0.0)
    paced = models.FloatField(default=0.0)
    pace = models.FloatField(default=0.0)
    pace_squares = models.FloatField(default=0.0)
    told = models.FloatField(default=0.0)
    bytes_right = models.FloatField(default=0.0)
    seconds_right = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return self.kind
