"""The name by which a database and its files know each other."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0004_worker_under_suspicion")]

    operations = [
        migrations.CreateModel(
            "Installation",
            [("name", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))],
        ),
    ]
