"""The snapshot becomes a function of the row: what was read from the disk or the clock gets columns."""

from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone


def note_deleted_files(apps, schema_editor):
    Job = apps.get_model("jobs", "Job")
    ended = Q(state__in=["canceled", "expired"]) | Q(state="failed", expires_at__lte=timezone.now())
    Job.objects.filter(ended).update(files_deleted_at=F("expires_at"))
    Job.objects.exclude(state="uploading").update(received_bytes=F("size"))


def rename_in_documents(apps, schema_editor):
    """`name` of the recipe is `recipe` among the options; pictures say themselves what they are."""
    Job = apps.get_model("jobs", "Job")
    for job in Job.objects.only("options", "result").iterator(chunk_size=500):
        job.options = {("recipe" if key == "name" else key): value for key, value in job.options.items()}
        if isinstance((job.result or {}).get("pictures"), list):
            job.result["pictures"] = _pictures(job.result["pictures"])
        job.save(update_fields=["options", "result"])


def _pictures(names):
    befores = [name for name in names if name.startswith("frame-") and "-source." in name]
    pairs = [{"source": name, "result": name.replace("-source.", "-result.")} for name in befores]
    poster = next((name for name in names if name.startswith("poster-result.")), None)
    return {"poster": poster, "frames": [pair for pair in pairs if pair["result"] in names]}


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.RenameField("job", "recipe", "options"),
        migrations.AlterField(
            "job", "options", models.JSONField(help_text="The recipe and what was asked for on top of it.")
        ),
        migrations.AddField(
            "job",
            "received_bytes",
            models.PositiveBigIntegerField(default=0, help_text="Of the source, as last noted."),
        ),
        migrations.AddField("job", "files_deleted_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(note_deleted_files, migrations.RunPython.noop),
        migrations.RunPython(rename_in_documents, migrations.RunPython.noop),
    ]
