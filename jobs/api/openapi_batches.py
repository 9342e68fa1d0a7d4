"""The part of the contract that is about batches: what each operation of `jobs/api/batches.py` takes and answers."""

from typing import Any

from jobs.api.openapi import header_parameter, operation
from jobs.api.schemas import Problem
from jobs.documents import BatchSnapshot

BATCHES = "Batches"  # the heading of `/docs`
STANDING: dict[int, Any] = {200: BatchSnapshot, 202: BatchSnapshot}
HEADERS: dict[int, tuple[str, ...]] = {202: ("Retry-After", "ETag"), 200: ("ETag",)}
ZIP = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}


STATUS = operation(
    "How a batch is doing",
    {**STANDING, 303: None, 304: None, 404: Problem},
    tag=BATCHES,
    headers={**HEADERS, 304: ("ETag",)},
    parameters=[header_parameter("If-None-Match", "The `ETag` that you have: answers 304 while nothing has changed.")],
)
RESULTS = operation(
    "All results of a batch as one ZIP",
    {404: Problem, 409: Problem, 410: Problem},
    tag=BATCHES,
    headers={
        200: ("ETag", "Accept-Ranges", "Content-Disposition"),
        206: ("ETag", "Content-Range", "Content-Disposition"),
        304: ("ETag",),
        416: ("Content-Range",),
    },
    described={
        200: {"description": "The whole archive.", **ZIP},
        206: {"description": "The range asked for.", **ZIP},
        304: {"description": "Not modified."},
        412: {"description": "`If-Match` does not hold."},
        416: {"description": "No such range."},
    },
    parameters=[
        header_parameter("Range", "One range of bytes."),
        header_parameter(
            "If-Range", "The `ETag` of the part that you have: answers 200 where the archive is another."
        ),
    ],
)
CHANGED: dict[int, Any] = {**STANDING, 404: Problem}
CANCEL = operation("Cancel what is left of a batch", CHANGED, tag=BATCHES, headers=HEADERS)
RETRY = operation("Run the failed jobs of a batch again", CHANGED, tag=BATCHES, headers=HEADERS)
CLEAR = operation("Delete the files of what has ended", CHANGED, tag=BATCHES, headers=HEADERS)
DELETE = operation(
    "Cancel all of a batch and delete its files",
    {202: BatchSnapshot, 204: None, 404: Problem},
    tag=BATCHES,
    headers={202: HEADERS[202]},
)
