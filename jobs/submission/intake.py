"""Nobody unasked writes to the disk: whether a body is taken, and how, is decided before it is read.

Django reads a body when the first one asks for its fields (`compressor/server/application.py`). By then the
method, the path and the owner are known, and this middleware has decided:

1. A view that takes a video, and a form: its newcomer is admitted (`admission.py`) or turned away unread.
   The file goes to the disk once, where it will stay, for as long as there is room.
2. Any other body stays in memory, which Django bounds by `DATA_UPLOAD_MAX_MEMORY_SIZE`; it is not read further
   than to the first file (`FILE_UPLOAD_HANDLERS`).
3. When the request is over, however it ended, what is left of its file goes at once.

It stands before the CSRF check, which would read a form to find its token.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from jobs import errors, problems
from jobs.models import Owner
from jobs.owners import owner_of
from jobs.storage import storage
from jobs.storage.upload_handler import SourceUploadHandler
from jobs.submission import admission, parse
from jobs.submission.admission import Newcomer
from jobs.submission.submit import find

TAKE_VIDEOS = {"home", "api:submit"}  # names of the views (compressor/urls.py) whose forms may hold one
FORM = "multipart/form-data"


class IntakeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if handler := parse.upload_of(request):
                handler.upload_interrupted()

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        try:
            if _brings_a_video(request):
                _admit(request)
        except errors.Problem as problem:
            return problems.response(request, problem)
        return None


def _brings_a_video(request: HttpRequest) -> bool:
    match = request.resolver_match
    is_form = request.method == "POST" and request.content_type == FORM
    return is_form and match is not None and match.view_name in TAKE_VIDEOS


def _admit(request: HttpRequest) -> None:
    """One who sends the same again is answered from the row, even where the queue is full; room it needs as well."""
    owner, length = owner_of(request), _length(request)
    if length == 0:
        raise errors.InvalidRequest("Send the form with a `Content-Length`.")
    newcomer = Newcomer(owner, size=length, to_come=length)
    if _is_replay(request, owner):
        admission.disk_has_room(newcomer)
    else:
        admission.admit(newcomer)
    parse.expect_upload(request, SourceUploadHandler(request, storage.has_room))


def _is_replay(request: HttpRequest, owner: Owner) -> bool:
    """As far as headers tell: an id in the form itself is not known yet."""
    return find(owner, parse.client_job_id(request, None, owner)) is not None


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isdecimal() and len(length) < 20 else 0
