"""What is documented is what there is: settings, recipes, states, errors."""

import re
import tomllib
from pathlib import Path

import pytest

import jobs
from jobs import encoding, errors
from jobs.states import TRANSITIONS, State

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
GUIDE = (ROOT / "docs/clients.md").read_text()
READS_A_SETTING = re.compile(r"""\benv\.\w+\(\s*"([A-Z_]+)"|environ(?:\.get\(|\[)"([A-Z_]+)"|export .*?\b([A-Z_]+)=""")


def _settings() -> set[str]:
    """Every name that the product reads from its environment."""
    sources = [path.read_text() for folder in ("compressor", "jobs") for path in (ROOT / folder).rglob("*.py")]
    found = {next(filter(None, groups)) for text in sources for groups in READS_A_SETTING.findall(text)}
    started = re.findall(r'([A-Z_]+)="\$\{\1:-', (ROOT / "bin/run").read_text())
    return (found | set(started)) - {"DJANGO_SETTINGS_MODULE"}


def test_the_table_of_settings_names_each_one_and_no_other():
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert documented == _settings()


def test_the_table_of_recipes_names_each_one_and_no_other():
    table = README[README.index("| recipe |") : README.index("- **Never worse**")]
    assert set(re.findall(r"^ +\| `(\w+)` \|", table, re.MULTILINE)) == set(encoding.RECIPES)


def test_the_diagram_shows_the_moves_that_are_allowed_and_no_other():
    drawn = set(re.findall(r"^ +(\w+) --> (\w+)", README, re.MULTILINE))
    assert drawn == {(str(source), str(target)) for source, targets in TRANSITIONS.items() for target in targets}


@pytest.mark.parametrize("state", State)
def test_the_client_guide_speaks_of_every_state(state):
    assert re.search(rf"\b{state}\b", GUIDE)


def test_the_page_of_problems_lists_every_error(client):
    page = client.get("/problems").content.decode()
    assert [code for code in errors.catalogue() if f'id="{code}"' not in page] == []


def test_links_in_the_documents_lead_somewhere():
    for document in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_module_stands_on_a_floor_and_the_architecture_page_shows_the_same_floors():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    checked = [set(layer.replace("jobs.", "").split(" | ")) for layer in layers]
    drawn = jobs.__doc__.partition("**Floors.**")[2].splitlines()[2:]
    assert [set(line.strip().split(" | ")) for line in drawn if line.strip()][1:] == checked[1:]
    modules = {entry.stem for entry in Path(jobs.__file__).parent.iterdir() if not entry.name.startswith("__")}
    assert modules - set.union(*checked) == {"migrations"}
