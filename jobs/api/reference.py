"""`/docs`: the contract of `/openapi.json` as a page for people, drawn here, so that it needs no script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page

from jobs.read_only import read_only

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    place: str
    kind: str
    description: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    verb: str
    path: str
    summary: str
    description: str
    tag: str
    fields: list[Field]
    answers: list[tuple[str, str, list[str]]]  # status, what it means, its headers

    @property
    def anchor(self) -> str:
        return f"{self.verb}{self.path}".replace("/", "-").replace("{", "").replace("}", "")


def page(schema: Callable[[], dict[str, Any]]) -> Any:
    """The view. `schema` is read at the first request, when all operations are known."""

    @gzip_page
    @read_only
    def reference(request: HttpRequest) -> HttpResponse:
        described = schema()
        context = {"info": described["info"], "tags": by_tag(described)}
        return render(request, "reference.html", context)

    return reference


def by_tag(schema: dict[str, Any]) -> list[tuple[str, list[Operation]]]:
    found: dict[str, list[Operation]] = {}
    for path, item in schema["paths"].items():
        for verb in VERBS:
            if verb in item:
                operation = _operation(schema, verb, path, item)
                found.setdefault(operation.tag, []).append(operation)
    return list(found.items())


def _operation(schema: dict[str, Any], verb: str, path: str, item: dict[str, Any]) -> Operation:
    told = item[verb]
    parameters = [*item.get("parameters", []), *told.get("parameters", [])]
    bodies = told.get("requestBody", {}).get("content", {})
    return Operation(
        verb=verb.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        tag=(told.get("tags") or ["Other"])[0],
        fields=[_parameter(schema, _resolved(schema, each)) for each in parameters] + _of_bodies(schema, bodies),
        answers=[
            (status, answer.get("description", ""), list(answer.get("headers", {})))
            for status, answer in sorted(told.get("responses", {}).items(), key=lambda each: str(each[0]))
        ],
    )


def _parameter(schema: dict[str, Any], told: dict[str, Any]) -> Field:
    kind = _kind(schema, told.get("schema", {}))
    return Field(told["name"], told["in"], kind, told.get("description", ""), told.get("required", False))


def _of_bodies(schema: dict[str, Any], bodies: dict[str, Any]) -> list[Field]:
    """A field that several kinds of body have is told once."""
    found: dict[str, Field] = {}
    for media_type, body in bodies.items():
        kinds = _kinds_of_body(schema, body.get("schema", {}))
        needed = set.intersection(*(set(kind.get("required", [])) for kind in kinds))
        for name, told in {name: told for kind in kinds for name, told in kind.get("properties", {}).items()}.items():
            place = f"{found[name].place}, {media_type}" if name in found else media_type
            found[name] = Field(name, place, _kind(schema, told), told.get("description", ""), name in needed)
    return list(found.values())


def _kinds_of_body(schema: dict[str, Any], told: dict[str, Any]) -> list[dict[str, Any]]:
    """One for each way to fill it in, with what all of them have."""
    told = _resolved(schema, told)
    ways = [_resolved(schema, each) for each in told.get("oneOf", [{}])]
    shared = told.get("properties", {})
    return [{**told, **way, "properties": {**shared, **way.get("properties", {})}} for way in ways]


def _kind(schema: dict[str, Any], told: dict[str, Any]) -> str:
    """string, `a` or `b`; integer, 1 to 100"""
    told = _resolved(schema, told)
    if choices := [_kind(schema, each) for each in told.get("anyOf", []) if each.get("type") != "null"]:
        return " or ".join(choices)
    if "enum" in told:
        return "one of " + ", ".join(f"`{value}`" for value in told["enum"])
    bounds = (told.get("minimum"), told.get("maximum"))
    named = told.get("format") or told.get("type", "")
    return f"{named}, {bounds[0]} to {bounds[1]}" if None not in bounds else str(named)


def _resolved(schema: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` points to (RFC 6901)."""
    while "$ref" in told:
        found: Any = schema
        for key in told["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        told = found
    return told
