"""What a client may send as a body, as OpenAPI, from the table of options that reads it."""

from typing import Any

from jobs import encoding
from jobs.batches.ids import BatchId
from jobs.submission.inquiry import MOST_VIDEOS

LIMIT_MEGABYTES = {
    "type": "string",
    "pattern": r"^[0-9]{1,9}(\.[0-9]{1,6})?$",
    "description": "`limit_bytes` in millions of bytes, such as `7.5`; goes before it.",
}
LAST_MODIFIED = {
    "type": "string",
    "format": "date-time",
    "description": "The file's own time, with its offset from UTC (RFC 3339); the result is given back with it.",
    "examples": ["2026-05-01T18:30:00+02:00"],
}
PRESET = {
    "type": "string",
    "maxLength": 60,
    "description": "A preset of yours; the other fields go before it. The job keeps what it says now.",
}
SOURCE_OF = {
    "source_of": {
        "type": "string",
        "format": "uuid",
        "description": "A job of yours whose source is still kept (`links.another`), instead of an upload.",
    }
}
BATCH_FIELDS = {
    "batch": {
        "type": "string",
        "pattern": f"^{BatchId.regex}$",
        "description": "An id of yours for what belongs together; a UUID, unless you are signed in or send a token.",
    },
    "folder": {"type": "string", "description": "Where the file lay, such as `2026/Summer`: a label."},
}
KNOWN_OF_A_VIDEO = {
    "size": {"type": "integer", "minimum": 1, "description": "Bytes."},
    "duration": {"type": "number", "exclusiveMinimum": 0, "description": "Seconds."},
    "width": {"type": "integer", "minimum": 1, "description": "Pixels, as displayed."},
    "height": {"type": "integer", "minimum": 1, "description": "Pixels, as displayed."},
    "fps": {"type": "number", "exclusiveMinimum": 0, "description": "Frames per second."},
    "video_codec": {"type": "string", "description": "As ffmpeg calls it: `h264`, `hevc`, `vp9`, …"},
}


def choice_fields() -> dict[str, Any]:
    """Recipe and options, as a client may send them."""
    return {**encoding.option_schemas(), "limit_megabytes": LIMIT_MEGABYTES}


def submission() -> dict[str, Any]:
    """The ways to submit, from the table that reads them."""
    recipe = {**choice_fields(), "preset": PRESET}
    beside = {
        "client_job_id": {"type": "string", "minLength": 1, "maxLength": 255},
        "last_modified": LAST_MODIFIED,
        **BATCH_FIELDS,
    }
    file = {"file": {"type": "string", "format": "binary"}}
    announced = {
        "filename": {"type": "string", "minLength": 1, "description": "Needed, unless `source_of` is named."},
        "size": {"type": "integer", "minimum": 1, "description": "Bytes that will follow; needed as `filename` is."},
    }
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": object_of({**file, **recipe, **beside}, required=["file"])},
            "application/json": {
                "schema": {
                    "oneOf": [
                        object_of({**announced, **recipe, **beside}, required=["filename", "size"]),
                        object_of({**SOURCE_OF, **recipe, **beside}, required=["source_of"]),
                    ]
                }
            },
        },
    }


def inquiry() -> dict[str, Any]:
    """The options of a submission, and what is known of one video or of many."""
    videos = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_VIDEOS,
        "items": object_of(KNOWN_OF_A_VIDEO, ["size"]),
        "description": "Instead of `size` and what stands with it, of many at once.",
    }
    described = object_of({**choice_fields(), **KNOWN_OF_A_VIDEO, "videos": videos}, required=[])
    described["oneOf"] = [{"required": ["size"]}, {"required": ["videos"]}]
    return {"required": True, "content": {"application/json": {"schema": described}}}


def object_of(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
