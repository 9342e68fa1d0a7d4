"""The description of the API is true: the running product is asked everything it says it answers."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.product.http import http

PATIENCE = 60  # seconds for one answer of a loaded machine
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_no_answer_is_a_server_error_or_undescribed(stack, tmp_path):
    description = tmp_path / "openapi.json"
    description.write_bytes(http.get(f"{stack.url}/openapi.json").content)
    command = [Path(sys.executable).parent / "schemathesis", "run", description, "--url", stack.url, "--no-color"]
    command += ["--checks", CHECKS, "--max-examples", "30", "--request-timeout", str(PATIENCE)]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-6000:]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/openapi.json", "/docs"])
def test_it_is_served_without_help_from_another_host(client, address):
    page = client.get(address).content.decode()
    assert "cdn" not in page
    assert "https://" not in page


@pytest.mark.django_db
def test_every_field_and_recipe_is_described():
    from jobs import encoding

    schema = Client().get("/openapi.json").json()
    bodies = schema["paths"]["/jobs"]["post"]["requestBody"]["content"]
    fields = set(encoding.OPTIONS) | {"client_job_id", "batch", "folder", "preset", "last_modified"}
    for way in [bodies["multipart/form-data"]["schema"], *bodies["application/json"]["schema"]["oneOf"]]:
        assert fields < set(way["properties"])
    recipes = Client().get("/recipes").json()["recipes"]
    assert [recipe["name"] for recipe in recipes] == list(encoding.RECIPES)


@pytest.mark.django_db
def test_operations_stand_under_headings_that_say_what_they_are_about():
    paths = Client().get("/openapi.json").json()["paths"]
    operations = [path[verb] for path in paths.values() for verb in path if verb != "parameters"]
    headings = {tag for described in operations for tag in described["tags"]}
    assert headings == {"Jobs", "Batches", "Results", "Recipes", "Presets", "Uploads", "Monitoring"}
