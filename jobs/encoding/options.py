"""What a client asks for: a recipe and the options on top of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from jobs import errors
from jobs.encoding.codecs import CODECS, Codec
from jobs.encoding.recipes import RECIPES, Method, Recipe

LIMIT_PRESETS = (10_000_000, 25_000_000, 50_000_000)  # bytes; what mail and chat usually take

SCHEMA: dict[str, dict[str, Any]] = {
    "recipe": {"type": "string", "enum": list(RECIPES), "default": "balanced"},
    "limit_bytes": {
        "type": "integer",
        "minimum": 1_000,
        "maximum": 2**53,
        "examples": list(LIMIT_PRESETS),
        "title": "Largest size",
        "description": "With `limit`: the result is never larger, in bytes.",
    },
    "max_height": {
        "type": "integer",
        "minimum": 16,
        "maximum": 8192,
        "title": "Largest height",
        "description": "Largest height, in pixels.",
    },
    "max_fps": {
        "type": "integer",
        "minimum": 1,
        "maximum": 240,
        "title": "Frames per second",
        "description": "Most frames per second.",
    },
    "codec": {
        "type": "string",
        "enum": list(CODECS),
        "title": "Codec",
        "description": "Instead of the recipe's. `limit` takes no `av1`.",
    },
    "container": {"type": "string", "enum": ["mp4", "mkv"], "default": "mp4", "title": "Container"},
    "quality": {
        "type": "integer",
        "minimum": 60,
        "maximum": 99,
        "title": "Quality",
        "description": "With `balanced` and `small`: the VMAF to aim at, mean over the film (95 unless told).",
    },
    "audio": {"type": "string", "enum": ["keep", "drop"], "default": "keep", "title": "Sound"},
    "audio_kbps": {
        "type": "integer",
        "minimum": 16,
        "maximum": 512,
        "title": "Sound bit rate",
        "description": "Encode the sound anew, with so many kilobits per second for two channels.",
    },
    "metadata": {
        "type": "string",
        "enum": ["strip", "keep"],
        "default": "strip",
        "title": "Date, place and camera",
        "description": "Languages, chapters, rotation and colours always stay.",
    },
}


@dataclass(frozen=True)
class Options:
    name: str = "balanced"
    limit_bytes: int | None = None
    max_height: int | None = None
    max_fps: int | None = None
    codec: str | None = None
    container: str = "mp4"
    quality: int | None = None
    audio: str = "keep"
    audio_kbps: int | None = None
    metadata: str = "strip"

    @property
    def recipe(self) -> Recipe:
        return RECIPES[self.name]

    @property
    def video_codec(self) -> Codec:
        return CODECS[self.codec or self.recipe.codec]

    @property
    def target_quality(self) -> int:
        return self.quality or self.recipe.quality or 95

    @property
    def changes_more(self) -> bool:
        """Whether more than fewer bytes is asked for, so that the original would not do as an answer."""
        asked = (self.max_height, self.max_fps, self.codec, self.audio_kbps)
        return any(asked) or self.audio == "drop" or self.container != "mp4"

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Options":
        return cls(**fields)


def fields_schema() -> dict[str, dict[str, Any]]:
    """JSON Schema of each field, for the docs and for whoever builds a form."""
    return SCHEMA


def parse_options(fields: Mapping[str, Any]) -> Options:
    """Raises InvalidRequest naming every field that is unknown or unfit."""
    wrong = {name: "There is no such field." for name in fields if name not in SCHEMA}
    values = {}
    for name, value in fields.items():
        if name in SCHEMA:
            try:
                values[name] = _parse(SCHEMA[name], value)
            except ValueError as error:
                wrong[name] = str(error)
    wrong |= _misfits(values)
    if wrong:
        raise errors.InvalidRequest(fields=wrong)
    return Options(name=values.pop("recipe", "balanced"), **values)


def _misfits(values: Mapping[str, Any]) -> dict[str, str]:
    """Fields that are fine by themselves, but not together."""
    recipe = RECIPES[values.get("recipe", "balanced")]
    codec = CODECS[values.get("codec", recipe.codec)]
    wrong = {}
    if recipe.method is Method.SIZE and "limit_bytes" not in values:
        wrong["limit_bytes"] = f"Name the largest size, in bytes; `{recipe.name}` needs it."
    if recipe.method is not Method.SIZE and "limit_bytes" in values:
        wrong["limit_bytes"] = "This goes with the recipe `limit` only."
    if recipe.method is not Method.QUALITY and "quality" in values:
        wrong["quality"] = f"`{recipe.name}` does not aim at a quality; use `balanced` or `small`."
    if recipe.method is Method.SIZE and not codec.takes_two_passes:
        wrong["codec"] = f"`{recipe.name}` cannot use `{codec.name}`."
    if "audio_kbps" in values and values.get("audio") == "drop":
        wrong["audio_kbps"] = "There is no sound to encode when `audio` is `drop`."
    return wrong


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
