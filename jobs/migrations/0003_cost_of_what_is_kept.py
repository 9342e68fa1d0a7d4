"""Indexes for what is asked often, and a column for what was summed from documents."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import BigIntegerField, F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


def note_savings(apps, schema_editor):
    Job = apps.get_model("jobs", "Job")
    result_size = Cast(KeyTextTransform("size", "result"), BigIntegerField())
    Job.objects.exclude(result=None).update(saved_bytes=F("size") - result_size)


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0002_snapshot_is_the_row'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='job',
            name='job_by_state_and_queue',
        ),
        migrations.RemoveIndex(
            model_name='job',
            name='job_by_owner',
        ),
        migrations.RemoveIndex(
            model_name='job',
            name='job_by_visitor',
        ),
        migrations.AddField(
            model_name='job',
            name='saved_bytes',
            field=models.BigIntegerField(default=0, help_text='By how much the result is smaller than the source.'),
        ),
        migrations.RunPython(note_savings, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state', 'queued_at', 'id'], name='job_by_state_and_queue'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state', '-finished_at'], name='job_by_state_and_end'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['-created_at', '-id'], name='job_by_age'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['owner', 'visitor', '-created_at', '-id'], name='job_by_owner'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('files_deleted_at', None)), fields=['owner', 'visitor', '-created_at', '-id'], name='kept_job_by_owner'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('files_deleted_at', None)), fields=['state', 'expires_at'], name='kept_job_by_expiry'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('saved_bytes__gt', 0)), fields=['owner', 'visitor', 'saved_bytes'], name='saving_by_owner'),
        ),
    ]
