"""RQ's own pages in the admin, for those who have its permission, and without its inline scripts."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_rq.admin import QueueAdmin

from jobs import content_security

PERMISSION = "django_rq.admin"  # "Access admin page", as django-rq declares it
# Scripts that nothing lacks: they call what the admin's `actions.js` has no more, and a click does what the link does.
INLINE_SCRIPT = re.compile(rb'<script type="text/javascript">.*?</script>| onclick="[^"]*"', re.DOTALL)


class QueuePages(QueueAdmin):
    """django-rq shows them to all staff, and lets them empty the queue."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PERMISSION)

    has_view_permission = has_change_permission

    def get_urls(self) -> list[Any]:
        urls: list[Any] = super().get_urls()  # type: ignore[no-untyped-call]
        for url in urls:
            url.callback = _guarded(url.callback)
        return urls


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        answer = view(request, *args, **kwargs)
        if hasattr(answer, "render"):
            answer.render()
        answer.content = INLINE_SCRIPT.sub(b"", answer.content)
        answer["Content-Security-Policy"] = content_security.WITH_INLINE_STYLES
        return answer

    return guarded
