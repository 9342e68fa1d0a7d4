"""Reading a submission, from the page and from a program: names and shapes here, meaning in `jobs/encoding`."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django.http import HttpRequest

from jobs import encoding, errors
from jobs.models import Owner
from jobs.storage.upload_handler import SourceUpload
from jobs.submission.submit import Submission, check_client_job_id, check_size, clean_filename

MAX_JSON_BYTES = 64 * 1024
KEY_HEADER = "Idempotency-Key"
ENVELOPE = {"client_job_id", "csrfmiddlewaretoken"}  # what is not the recipe's


def read_multipart(request: HttpRequest, owner: Owner) -> tuple[Submission, SourceUpload]:
    """A whole source in the field `file`, and the recipe's fields beside it."""
    return _whole(request, _single_values(request), owner)


def read_page(request: HttpRequest, owner: Owner) -> tuple[Submission, SourceUpload]:
    """The same from the page's form, which has a way of its own to say a limit."""
    return _whole(request, limit_in_bytes(_single_values(request)), owner)


def _whole(request: HttpRequest, fields: dict[str, str], owner: Owner) -> tuple[Submission, SourceUpload]:
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise errors.InvalidRequest(fields={"file": "Send exactly one file, in the field `file`."})
    uploaded = cast(SourceUpload, files[0])  # what FILE_UPLOAD_HANDLERS makes
    check_size(uploaded.size)
    return (
        Submission(
            owner=owner,
            client_job_id=client_job_id(request, fields.get("client_job_id"), owner),
            options=encoding.parse_options(_recipe_fields(fields)),
            filename=clean_filename(uploaded.name),
            size=uploaded.size,
            sha256=uploaded.sha256,
        ),
        uploaded,
    )


def read_json(request: HttpRequest, owner: Owner) -> Submission:
    """The announcement of a resumable upload: `filename`, `size`, and the recipe's fields."""
    if int(request.headers.get("Content-Length") or 0) > MAX_JSON_BYTES:
        raise errors.TooLarge("The JSON body is too large.", max_bytes=MAX_JSON_BYTES)
    try:
        fields = json.loads(request.body)
    except ValueError:
        raise errors.InvalidRequest("The body is not valid JSON.") from None
    if not isinstance(fields, dict):
        raise errors.InvalidRequest("The body must be a JSON object.")
    return announcement(fields, owner, client_job_id(request, fields.get("client_job_id"), owner))


def announcement(fields: Mapping[str, Any], owner: Owner, key: str | None) -> Submission:
    """A submission without bytes, from fields that JSON or tus metadata carried."""
    filename, size = fields.get("filename"), fields.get("size")
    if not isinstance(filename, str) or not filename.strip():
        raise errors.InvalidRequest(fields={"filename": "Name the file."})
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        raise errors.InvalidRequest(fields={"size": "Give the file's size in bytes, a whole number above 0."})
    check_size(size)
    recipe = {name: value for name, value in _recipe_fields(fields).items() if name not in {"filename", "size"}}
    options = encoding.parse_options(recipe)
    return Submission(owner=owner, client_job_id=key, options=options, filename=clean_filename(filename), size=size)


def client_job_id(request: HttpRequest, field: Any, owner: Owner) -> str | None:
    """From the field or from the header (whose value the IETF draft puts in quotes); both must agree."""
    header = request.headers.get(KEY_HEADER)
    if header is not None:
        header = header.strip()
        header = header[1:-1] if len(header) > 1 and header[0] == header[-1] == '"' else header
    given = {str(value) for value in (field, header) if value not in (None, "")}
    if header == "":
        raise errors.InvalidRequest(fields={"client_job_id": f"`{KEY_HEADER}` is empty."})
    if len(given) > 1:
        raise errors.InvalidRequest(fields={"client_job_id": f"The field and `{KEY_HEADER}` differ."})
    return check_client_job_id(given.pop(), owner) if given else None


def _single_values(request: HttpRequest) -> dict[str, str]:
    repeated = {name: "Send this field once." for name, values in request.POST.lists() if len(values) > 1}
    if repeated:
        raise errors.InvalidRequest(fields=repeated)
    return request.POST.dict()


def _recipe_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in ENVELOPE and value not in (None, "")}


def limit_in_bytes(fields: dict[str, str]) -> dict[str, str]:
    """A number of megabytes goes before the presets, and neither counts without the recipe that has a limit."""
    megabytes = fields.pop("limit_megabytes", "").strip()
    if fields.get("recipe") != "limit":
        fields.pop("limit_bytes", None)
    elif megabytes:
        fields["limit_bytes"] = _bytes_of(megabytes)
    return fields


def _bytes_of(megabytes: str) -> str:
    try:
        return str(int(Decimal(megabytes) * 1_000_000))
    except (ArithmeticError, ValueError):
        raise errors.InvalidRequest(fields={"limit_megabytes": "Use a number, such as 10 or 7.5."}) from None
