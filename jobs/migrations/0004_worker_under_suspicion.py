"""A worker that the sweep misses is suspected first, and only then given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_cost_of_what_is_kept")]

    operations = [
        migrations.AddField(
            "job",
            "suspected_at",
            models.DateTimeField(blank=True, help_text="When its worker was missed by the sweep.", null=True),
        ),
    ]
