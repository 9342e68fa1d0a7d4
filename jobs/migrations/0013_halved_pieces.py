"""A piece says what it holds, so that it can be halved; the plan says it no longer."""

from django.db import migrations, models


def move_stretches(apps, schema_editor):
    """From the plans to the rows. Where they can be halved is not known of those."""
    Job, Piece = (apps.get_model("jobs", name) for name in ("Job", "Piece"))
    for job in Job.objects.filter(plan__cut__has_key="stretches").only("plan").iterator(chunk_size=100):
        stretches = job.plan["cut"].pop("stretches")
        pieces = list(Piece.objects.filter(job=job, number__lt=len(stretches)))
        for piece in pieces:
            stretch = stretches[piece.number]
            piece.start, piece.holds = stretch[0], [*stretch, []]
        Piece.objects.bulk_update(pieces, ["start", "holds"])
        job.save(update_fields=["plan"])


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
        migrations.RunPython(move_stretches, migrations.RunPython.noop),
    ]
