"""Serving a job's files: single ranges, validators, and constant memory whatever the size (RFC 9110).

The ETag alone says whether a client has this file already. `Last-Modified` is for whoever saves it: it tells when the
source was changed or filmed, so it could be that of another file too, and no question about dates is answered by it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date

from jobs.storage import StoredFile

ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
ABOUT_DATES = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")  # as Django calls these headers
MOST_DIGITS = 18  # more is beyond the end of any file, and Python refuses to read thousands


@dataclass(frozen=True)
class Saved:
    """What a file is called where it is saved, and its time there, if that is known."""

    filename: str
    last_modified: datetime | None


def serve(
    request: HttpRequest, file: StoredFile, *, content_type: str, etag: str, to_be: Saved | None = None
) -> HttpResponseBase:
    """200, 206, 304, 412 or 416. With `to_be` it is offered for saving."""
    size = file.size
    span = _requested_span(request, size, etag)
    if span == "unsatisfiable":
        answer: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        answer = _stream(request, file, size, span)
        answer["Content-Type"] = content_type
    if to_be:
        named = content_disposition_header(as_attachment=True, filename=to_be.filename)
        answer["Content-Disposition"] = named or ""
    if to_be and to_be.last_modified:  # never in the future: RFC 9110 section 8.8.2.1
        answer["Last-Modified"] = http_date(min(to_be.last_modified, timezone.now()).timestamp())
    answer["ETag"] = etag
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; frame-ancestors 'none'; sandbox"
    for question in ABOUT_DATES:
        request.META.pop(question, None)
    return get_conditional_response(request, etag=etag, response=cast(HttpResponse, answer)) or answer


def _requested_span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | str | None:
    """First and last byte asked for; None for the whole file, as for anything but one valid range."""
    match = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or not match or not any(match.groups()):
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - _bytes(last)), size - 1
    else:
        start, end = _bytes(first), min(_bytes(last or str(size)), size - 1)
    if last and first and _bytes(last) < _bytes(first):
        return None  # not a valid range: RFC 9110 section 14.1.1 has it ignored
    return (start, end) if start <= end else "unsatisfiable"


def _bytes(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= MOST_DIGITS else 10**MOST_DIGITS


def _stream(request: HttpRequest, file: StoredFile, size: int, span: tuple[int, int] | str | None) -> HttpResponseBase:
    start, end = span if isinstance(span, tuple) else (0, size - 1)
    length = 0 if request.method == "HEAD" else end - start + 1
    answer = StreamingHttpResponse(file.chunks(start, length), status=206 if span else 200)
    answer["Content-Length"] = str(end - start + 1)
    if span:
        answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    return answer
