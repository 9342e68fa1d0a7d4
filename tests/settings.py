"""The product's settings over a data directory of this test run's own, whatever the environment says.

`TEST_DATABASE=postgresql` puts a PostgreSQL of this run's own in SQLite's place, where it can be had.
"""

import os
import tempfile

from tests import postgresql

for name in ("DATABASE_URL", "REDIS_URL", "ACCESS"):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="compressor-test-")

if os.environ.get("TEST_DATABASE") == "postgresql" and postgresql.WHY_NOT is None:
    os.environ["DATABASE_URL"] = postgresql.start()

from compressor.settings import *  # noqa: E402, F403

FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)  # noqa: F405  as `manage.py prepare` does
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
