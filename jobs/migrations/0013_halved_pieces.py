"""A piece says what it holds, so that it can be halved; the plan says it no longer."""

from django.db import migrations, models
from django.db.models import F


def prepare_anew(apps, schema_editor):
    """Films that are not done: their pieces do not say what they hold."""
    Job, Piece = (apps.get_model("jobs", name) for name in ("Job", "Piece"))
    cut = Job.objects.filter(plan__has_key="cut").exclude(state__in=["completed", "expired"])
    Piece.objects.filter(job__in=cut.values("pk")).delete()
    waiting = {"state": "queued", "in_pieces": False, "started_at": None, "progress": None}
    cut.filter(state="running").update(**waiting, attempt=F("attempt") + 1)
    cut.update(plan=None)


class Migration(migrations.Migration):
    dependencies = [("jobs", "0012_names")]

    operations = [
        migrations.AlterModelOptions("piece", options={"ordering": ["job", "start"]}),
        migrations.AddField(
            "piece", "holds", models.JSONField(default=list, help_text="What it holds: a `Stretch`.")
        ),
        migrations.AddField(
            "piece", "start", models.FloatField(default=0.0, help_text="Seconds after the beginning of the file.")
        ),
        migrations.RunPython(prepare_anew, migrations.RunPython.noop),
    ]
