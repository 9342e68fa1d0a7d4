"""Views that change nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., Any])


def read_only(view: View) -> View:
    """GET and HEAD; any other method is 405, before anybody asks for the CSRF token that a write would need."""
    safe = require_safe(view)
    safe.is_read_only = True  # type: ignore[attr-defined]
    return safe


def is_read_only(view: Callable[..., Any]) -> bool:
    return getattr(view, "is_read_only", False)
