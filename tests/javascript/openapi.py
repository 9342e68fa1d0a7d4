"""Print the contract as the server publishes it at /openapi.json, for the types of the scripts."""

import json
import os
import sys
import tempfile
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "compressor.settings")

with tempfile.TemporaryDirectory() as directory:
    os.environ["DATA_DIR"] = directory
    django.setup()
    from jobs.api.views import api

    print(json.dumps(api.get_openapi_schema()))
