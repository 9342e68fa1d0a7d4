"""What pages are made of besides snapshots: their modules, and the tables of recipes and options."""

import functools
import re
import uuid

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from jobs import encoding

register = template.Library()

IMPORTED = re.compile(r'^import (?:.+ from )?"\./(.+)";$', re.MULTILINE)


@functools.cache
def _modules() -> list[str]:
    """What the page's script imports at once, and all that those import."""
    found, new = set[str](), {"main.js"}
    while new:
        found |= new
        texts = [(settings.BASE_DIR / "static" / "js" / name).read_text() for name in new]
        new = {name for text in texts for name in IMPORTED.findall(text)} - found
    return sorted(found)


@register.simple_tag
def preloads() -> SafeString:
    """The first modules all at once: else the browser learns of each only from the one that imports it."""
    addresses = ((static(f"js/{name}"),) for name in _modules())
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', addresses)


@register.simple_tag
def phases() -> dict[str, str]:
    """For the page's script."""
    return encoding.PHASES


@register.simple_tag
def all_recipes() -> list[encoding.Recipe]:
    return list(encoding.RECIPES.values())


@register.simple_tag
def option(name: str) -> encoding.Option:
    """Its title and bounds."""
    return encoding.OPTIONS[name]


@register.simple_tag
def new_id() -> str:
    """For a form that a person may send twice."""
    return str(uuid.uuid4())
