"""What was expected of a job, and what completed jobs have shown."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0010_choice'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='predicted',
            field=models.JSONField(blank=True, help_text='Bytes and seconds that were expected then.', null=True),
        ),
        migrations.CreateModel(
            name='Experience',
            fields=[
                ('kind', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('jobs', models.FloatField(default=0.0)),
                ('density', models.FloatField(default=0.0)),
                ('density_squares', models.FloatField(default=0.0)),
                ('paced', models.FloatField(default=0.0)),
                ('pace', models.FloatField(default=0.0)),
                ('pace_squares', models.FloatField(default=0.0)),
                ('told', models.FloatField(default=0.0)),
                ('bytes_right', models.FloatField(default=0.0)),
                ('seconds_right', models.FloatField(default=0.0)),
            ],
        ),
    ]
