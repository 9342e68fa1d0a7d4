"""The part of the contract that django-ninja does not answer itself: tus, and what monitoring asks."""

from typing import Any

from jobs import problems

UPLOADS, MONITORING = "Uploads", "Monitoring"
PROBLEM = {"content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
REFUSALS = {
    400: "A header is missing or not usable.",
    401: "`ACCESS=login`, or the token is not valid.",
    403: "A cookie without its CSRF token.",
    412: "Another version of tus; `Tus-Version` says which is spoken.",
    429: "Too many requests.",
}
GONE = {404: "Unknown, or not yours.", 410: "Canceled, expired or abandoned."}
BYTES = {
    409: "The upload is at another offset.",
    413: "More bytes than were announced, or than this server accepts.",
    415: "Not `application/offset+octet-stream`.",
    423: "Another request is sending to this upload.",
    460: "The bytes do not have the checksum; none of them was kept.",
    503: "No room.",
}
JOB_ID = {"name": "job_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _header(name: str, schema: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": schema}


VERSION = _header("Tus-Resumable", {"type": "string", "enum": ["1.0.0"]})
CHECKSUM = _header(
    "Upload-Checksum", {"type": "string", "pattern": "^(sha1|sha256) [A-Za-z0-9+/]+=*$"}, required=False
)
COUNT = {"type": "integer", "minimum": 0}


def _operation(summary: str, said: dict[int, str], tag: str = UPLOADS, **more: Any) -> dict[str, Any]:
    problem = {status: {"description": text, **PROBLEM} for status, text in said.items() if status >= 400}
    plain = {status: {"description": text} for status, text in said.items() if status < 400}
    return {"summary": summary, "tags": [tag], "responses": {str(n): v for n, v in (plain | problem).items()}, **more}


def _head(operation: dict[str, Any]) -> dict[str, Any]:
    """The same without bodies (RFC 9110 section 9.3.2)."""
    bodiless = {n: {"description": answer["description"]} for n, answer in operation["responses"].items()}
    return {**operation, "responses": bodiless}


PATHS: dict[str, Any] = {
    "/uploads/": {
        "post": _operation(
            "Announce a resumable upload (tus creation)",
            {
                201: "`Location` is the upload; its id is the job's. `Upload-Expires` says until when it waits.",
                **REFUSALS,
                **BYTES,
                410: "The client job id names a job that was canceled or has expired.",
                422: "The client job id names another job.",
                429: "Too many jobs are waiting, or of yours: jobs, unfinished uploads or bytes.",
            },
            parameters=[
                VERSION,
                _header("Upload-Length", {**COUNT, "minimum": 1}),
                _header("Upload-Metadata", {"type": "string"}, required=False),
                CHECKSUM,
            ],
            description="`Upload-Metadata` holds `filename`, `recipe`, its options and `client_job_id`.",
        )
    },
    "/uploads/{job_id}": {
        "parameters": [JOB_ID, VERSION],
        "head": _head(
            _operation("How far an upload is", {200: "`Upload-Offset`, `Upload-Length`.", **REFUSALS, **GONE})
        ),
        "patch": _operation(
            "Send bytes",
            {204: "`Upload-Offset` is where the upload is now.", **REFUSALS, **GONE, **BYTES},
            parameters=[_header("Upload-Offset", COUNT), CHECKSUM],
            # Without `requestBody`: tools that try a description out know no way to write this media type.
            description="The body is `application/offset+octet-stream`.",
        ),
        "delete": _operation("Give an upload up (tus termination)", {204: "Given up.", **REFUSALS, **GONE}),
    },
    "/healthz": {"get": _operation("Alive", {200: "This process answers."}, MONITORING)},
    "/readyz": {"get": _operation("Can serve", {200: "All that a job needs is there."}, MONITORING)},
    "/metrics": {"get": _operation("For Prometheus", {200: "Text format 0.0.4."}, MONITORING)},
}
PATHS["/readyz"]["get"]["responses"]["503"] = {"description": "Something is missing; the body says what."}
