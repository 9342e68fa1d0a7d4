"""The little Markdown that our own descriptions use, as HTML."""

import re

from django import template
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

MARKS = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\[([^\]]+)\]\((/[^)]*)\)"), r'<a href="\2">\1</a>'),
)


@register.filter
def prose(text: str) -> SafeString:
    """The little Markdown that our own descriptions use: paragraphs, and what stands in a line."""
    paragraphs = (prose_inline(part) for part in text.split("\n\n") if part.strip())
    return format_html_join("", "<p>{}</p>", ((part,) for part in paragraphs))


@register.filter
def prose_inline(text: str) -> SafeString:
    said = str(escape(text))
    for pattern, tag in MARKS:
        said = pattern.sub(tag, said)
    return mark_safe(said)  # noqa: S308  escaped above; only our own tags were put in
