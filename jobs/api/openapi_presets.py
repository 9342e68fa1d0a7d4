"""The contract of `/presets` as OpenAPI."""

from typing import Any

from typing_extensions import TypedDict

from jobs.api.openapi import operation
from jobs.api.openapi_bodies import choice_fields, object_of
from jobs.api.schemas import Problem

PRESETS = "Presets"  # the heading of `/docs`


class Preset(TypedDict):
    """`options` are those of a submission, `recipe` among them."""

    name: str
    options: dict[str, Any]


class PresetList(TypedDict):
    presets: list[Preset]


BODY = {"required": True, "content": {"application/json": {"schema": object_of(choice_fields(), required=[])}}}
LIST = operation("Own presets", {200: PresetList}, tag=PRESETS)
SAVE = operation(
    "Keep a choice under a name",
    {200: Preset, 400: Problem, 404: Problem, 413: Problem},
    tag=PRESETS,
    requestBody=BODY,
)
FORGET = operation("Forget a choice", {204: None, 404: Problem}, tag=PRESETS)
