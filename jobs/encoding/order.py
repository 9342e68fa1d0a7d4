"""What a client asks for: a recipe and the options on top of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jobs import errors
from jobs.encoding.recipes import RECIPES, Recipe

SCHEMA: dict[str, dict[str, Any]] = {
    "recipe": {"type": "string", "enum": list(RECIPES), "default": "balanced"},
    "max_height": {"type": "integer", "minimum": 16, "maximum": 8192, "description": "Largest height, in pixels."},
    "max_fps": {"type": "integer", "minimum": 1, "maximum": 240, "description": "Most frames per second."},
    "audio": {"type": "string", "enum": ["keep", "drop"], "default": "keep"},
    "metadata": {"type": "string", "enum": ["strip", "keep"], "default": "strip"},
}


@dataclass(frozen=True)
class Order:
    name: str = "balanced"
    max_height: int | None = None
    max_fps: int | None = None
    audio: str = "keep"
    metadata: str = "strip"

    @property
    def recipe(self) -> Recipe:
        return RECIPES[self.name]

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Order":
        return cls(**fields)


def fields_schema() -> dict[str, dict[str, Any]]:
    """JSON Schema of each field, for the docs and for whoever builds a form."""
    return SCHEMA


def parse_order(fields: Mapping[str, Any]) -> Order:
    """Raises InvalidRequest naming every field that is unknown or unfit."""
    wrong = {name: "There is no such field." for name in fields if name not in SCHEMA}
    values = {}
    for name, value in fields.items():
        if name in SCHEMA:
            try:
                values[name] = _parse(SCHEMA[name], value)
            except ValueError as error:
                wrong[name] = str(error)
    if wrong:
        raise errors.InvalidRequest(fields=wrong)
    return Order(name=values.pop("recipe", "balanced"), **values)


def _parse(schema: dict[str, Any], value: Any) -> Any:
    if "enum" in schema:
        if value not in schema["enum"]:
            raise ValueError(f"Use one of: {', '.join(schema['enum'])}.")
        return value
    wanted = f"Use a whole number from {schema['minimum']} to {schema['maximum']}."
    try:
        number = int(str(value))
    except ValueError:
        raise ValueError(wanted) from None
    if not schema["minimum"] <= number <= schema["maximum"]:
        raise ValueError(wanted)
    return number
