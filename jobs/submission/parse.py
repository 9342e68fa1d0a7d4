"""Reading a submission, from the page and from a program: names and shapes here, meaning in `jobs/encoding`."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, UnreadablePostError

from jobs import encoding, errors
from jobs.models import Owner
from jobs.storage.upload_handler import SourceUpload, SourceUploadHandler
from jobs.submission import batch, presets
from jobs.submission.submission import (
    Submission,
    check_client_job_id,
    check_size,
    clean_filename,
    read_last_modified,
)

MAX_JSON_BYTES = 64 * 1024
KEY_HEADER = "Idempotency-Key"
ENVELOPE = {"client_job_id", "csrfmiddlewaretoken", "last_modified"} | batch.FIELDS  # what is no option
ANNOUNCED = ENVELOPE | {"filename", "size"}
ANOTHER = ENVELOPE | {"source_of"}
PRESET = "preset"
ALIASES = {"limit_megabytes": "limit_bytes"}
BYTES_PER_MEGABYTE = 1_000_000
MOST_MEGABYTES = 10**10  # more than `limit_bytes` takes, which then says so
UPLOAD = "compressor.upload"  # in META beside the headers, whose names cannot be such


def expect_upload(request: HttpRequest, handler: SourceUploadHandler) -> None:
    """A file in this request's form is to be kept, by this handler."""
    request.upload_handlers = [handler]
    request.META[UPLOAD] = handler


def upload_of(request: HttpRequest) -> SourceUploadHandler | None:
    return request.META.get(UPLOAD)


def read_multipart(request: HttpRequest, owner: Owner) -> tuple[Submission, SourceUpload]:
    """A whole source in the field `file`, and the options beside it."""
    try:
        return _whole(request, _single_values(request), owner)
    except UnreadablePostError:
        raise errors.RequestTimeout() from None  # the sender left: nobody is there to be answered


def read_page(request: HttpRequest, owner: Owner) -> tuple[Submission, SourceUpload]:
    """The same from the page's form, where options may stand beside a recipe that they do not go with."""
    return _whole(request, _of_chosen_recipe(_single_values(request)), owner)


def _whole(request: HttpRequest, fields: dict[str, str], owner: Owner) -> tuple[Submission, SourceUpload]:
    files = request.FILES.getlist("file")
    if (handler := upload_of(request)) and handler.refusal:
        raise handler.refusal
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise errors.InvalidRequest(fields={"file": "Send exactly one video."})
    uploaded = cast(SourceUpload, files[0])  # what FILE_UPLOAD_HANDLERS makes
    check_size(uploaded.size)
    key = client_job_id(request, fields.get("client_job_id"), owner)
    return (
        Submission(
            owner=owner,
            client_job_id=key,
            **_choice(fields, ENVELOPE, owner, key),
            **_beside(fields, owner),
            filename=clean_filename(uploaded.name),
            size=uploaded.size,
            sha256=uploaded.sha256,
        ),
        uploaded,
    )


def read_json(request: HttpRequest, owner: Owner) -> Submission:
    """`filename`, `size` and the options announce a resumable upload; with `source_of`, there is nothing to upload."""
    fields = json_object(request)
    key = client_job_id(request, fields.get("client_job_id"), owner)
    return (another if "source_of" in fields else announcement)(fields, owner, key)


def read_choice(request: HttpRequest) -> encoding.Options:
    """Recipe and options alone."""
    return _options(_said(json_object(request), set()))


def json_object(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > MAX_JSON_BYTES:
        raise errors.TooLarge("The JSON body is too large.", max_bytes=MAX_JSON_BYTES)
    try:
        fields = json.loads(request.body)
    except UnreadablePostError:
        raise errors.RequestTimeout() from None
    except (ValueError, RecursionError):  # no JSON, or nested beyond reason
        raise errors.InvalidRequest("The body is not valid JSON.") from None
    if not isinstance(fields, dict):
        raise errors.InvalidRequest("The body must be a JSON object.")
    return fields


def read_another(request: HttpRequest, owner: Owner, source_of: UUID) -> Submission:
    """From the form on a job's card, which shows all recipes with all their numbers."""
    fields = {**_of_chosen_recipe(_single_values(request)), "source_of": source_of}
    return another(fields, owner, client_job_id(request, fields.get("client_job_id"), owner))


def another(fields: Mapping[str, Any], owner: Owner, key: str | None) -> Submission:
    """A submission about the source of an earlier job."""
    try:
        source_of = UUID(str(fields["source_of"]))
    except ValueError:
        raise errors.InvalidRequest(fields={"source_of": "Use the id of a job."}) from None
    choice = _choice(fields, ANOTHER, owner, key)
    return Submission(owner, key, **choice, **_beside(fields, owner), source_of=source_of)


def announcement(fields: Mapping[str, Any], owner: Owner, key: str | None) -> Submission:
    """A submission without bytes, from fields that JSON or tus metadata carried."""
    filename, size = fields.get("filename"), fields.get("size")
    if not isinstance(filename, str) or not filename.strip():
        raise errors.InvalidRequest(fields={"filename": "Name the file."})
    if not isinstance(size, int) or isinstance(size, bool) or size <= 0:
        raise errors.InvalidRequest(fields={"size": "Give the file's size in bytes, a whole number above 0."})
    check_size(size)
    return Submission(
        owner,
        key,
        **_choice(fields, ANNOUNCED, owner, key),
        **_beside(fields, owner),
        filename=clean_filename(filename),
        size=size,
    )


def _beside(fields: Mapping[str, Any], owner: Owner) -> dict[str, Any]:
    """What is told of the file, beside what is to be done with it."""
    return {
        "last_modified": read_last_modified(fields.get("last_modified")),
        "batch": batch.read_batch(fields.get("batch"), owner),
        "folder": batch.read_folder(fields.get("folder")),
    }


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


def _choice(fields: Mapping[str, Any], beside: set[str], owner: Owner, key: str | None) -> dict[str, Any]:
    """The `options` of a submission, and what was `asked` to come to them where that is not the same."""
    said = _said(fields, beside)
    if PRESET not in said:
        return {"options": _options(said)}
    name = said.pop(PRESET)
    options, asked = presets.resolved(owner, key, name, said, _options)
    return {"options": options, "asked": asked}


def read_options(fields: Mapping[str, Any], beside: set[str], owner: Owner) -> encoding.Options:
    """Those of a submission, by themselves."""
    options: encoding.Options = _choice(fields, beside, owner, None)["options"]
    return options


def _said(fields: Mapping[str, Any], beside: set[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in beside and value not in (None, "")}


def _options(said: Mapping[str, Any]) -> encoding.Options:
    return encoding.parse_options(_in_bytes(said))


def _in_bytes(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`limit_megabytes`, such as `7.5`, is what people say; it goes before `limit_bytes`."""
    said = fields.get("limit_megabytes")
    others = {name: value for name, value in fields.items() if name != "limit_megabytes"}
    if said in (None, ""):
        return others
    if fields.get("recipe") != "limit":
        raise errors.InvalidRequest(fields={"limit_megabytes": "This goes with the recipe `limit` only."})
    return {**others, "limit_bytes": _bytes_of(str(said))}


def _bytes_of(megabytes: str) -> int:
    try:
        number = Decimal(megabytes.strip())
        return int(number * BYTES_PER_MEGABYTE) if number < MOST_MEGABYTES else MOST_MEGABYTES * BYTES_PER_MEGABYTE
    except (ArithmeticError, ValueError):
        raise errors.InvalidRequest(fields={"limit_megabytes": "Use a number, such as 10 or 7.5."}) from None


def _of_chosen_recipe(fields: dict[str, str]) -> dict[str, str]:
    """A browser sends all fields of its form, whatever was chosen; those of other recipes mean nothing."""
    recipe = fields.get("recipe", encoding.DEFAULT_RECIPE)
    return {name: value for name, value in fields.items() if encoding.goes_with(recipe, ALIASES.get(name, name))}
