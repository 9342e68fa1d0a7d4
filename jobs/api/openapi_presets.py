"""The contract of `/presets` as OpenAPI."""

from typing import Any

from typing_extensions import TypedDict

from jobs import encoding
from jobs.api.openapi import LIMIT_MEGABYTES, operation, readable
from jobs.api.schemas import Problem

__all__ = ["FORGET", "LIST", "SAVE", "readable"]

PRESETS = "Presets"  # the heading of `/docs`


class Preset(TypedDict):
    """`options` are those of a submission, `recipe` among them."""

    name: str
    options: dict[str, Any]


class PresetList(TypedDict):
    presets: list[Preset]


def _body() -> dict[str, Any]:
    options = {name: option.schema() for name, option in encoding.OPTIONS.items()}
    schema = {
        "type": "object",
        "properties": {**options, "limit_megabytes": LIMIT_MEGABYTES},
        "additionalProperties": False,
    }
    return {"required": True, "content": {"application/json": {"schema": schema}}}


LIST = operation("Own presets", {200: PresetList}, tag=PRESETS)
SAVE = operation(
    "Keep a choice under a name",
    {200: Preset, 400: Problem, 404: Problem, 413: Problem},
    tag=PRESETS,
    requestBody=_body(),
)
FORGET = operation("Forget a choice", {204: None, 404: Problem}, tag=PRESETS)
