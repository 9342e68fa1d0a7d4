"""What a client asks for: one table, read by the parser, the API's description, the page's form and the engine."""

from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields
from typing import Any

from jobs import errors
from jobs.encoding.accepts import Choice, Moment, Whole
from jobs.encoding.codecs import CODECS, Codec
from jobs.encoding.recipes import RECIPES, Method, Recipe

DEFAULT_RECIPE = "balanced"
ALL = frozenset(RECIPES)
LEAST_QUALITY = 60  # VMAF

Part = tuple[float | None, float | None]  # from when to when, in seconds after the beginning of the file


@dataclass(frozen=True)
class Option:
    """One row of the table: a field of `Options` as the world sees it. `title` is for people.

    It means something with these recipes, and not where another option has the value that `unless` names.
    """

    name: str
    title: str
    description: str
    default: Any
    accepts: Choice | Moment | Whole
    recipes: frozenset[str] = ALL
    unless: tuple[str, str] | None = None

    @property
    def is_of_video(self) -> bool:
        """Whether it says what is wanted of the video, and with any recipe the same."""
        return self.recipes == ALL and not (isinstance(self.accepts, Choice) and self.accepts.only)

    def schema(self) -> dict[str, Any]:
        """JSON Schema."""
        texts = {"title": self.title, "description": self.description}
        default = {} if self.default is None else {"default": self.default}
        return {**self.accepts.schema(), **default, **{name: text for name, text in texts.items() if text}}


def _with(*methods: Method) -> frozenset[str]:
    return frozenset(recipe.name for recipe in RECIPES.values() if recipe.method in methods)


def _option(
    accepts: Choice | Moment | Whole, title: str, description: str = "", default: Any = None, **limits: Any
) -> Any:
    """A field, and the rest of its row. `limits`: `recipes` and `unless`."""
    row = {"accepts": accepts, "title": title, "description": description, **limits}
    return field(default=default, metadata=row)


@dataclass(frozen=True)
class Options:
    """A recipe and what is asked for on top of it. To add an option, add a field."""

    recipe: str = _option(
        Choice({recipe.name: recipe.title for recipe in RECIPES.values()}), "Recipe", default=DEFAULT_RECIPE
    )
    limit_bytes: int | None = _option(
        Whole(
            1_000, 2**53, usual=(10_000_000, 25_000_000, 50_000_000), unit="bytes"
        ),  # what mail and chat usually take
        "Largest size",
        "With `limit`: the result is never larger, in bytes.",
        recipes=_with(Method.SIZE),
    )
    max_height: int | None = _option(
        Whole(16, 8192, usual=(2160, 1440, 1080, 720, 480, 360), unit="pixels"),
        "Largest height",
        "Largest height, in pixels.",
    )
    max_fps: int | None = _option(
        Whole(1, 240, usual=(60, 50, 30, 25, 24, 15), unit="at most"),
        "Frames per second",
        "Most frames per second.",
    )
    codec: str | None = _option(
        Choice(
            {codec.name: codec.title for codec in CODECS.values()},
            only={codec.name: ALL - _with(Method.SIZE) for codec in CODECS.values() if not codec.takes_two_passes},
        ),
        "Codec",
        "Instead of the recipe's. `limit` takes no `av1`.",
    )
    container: str = _option(Choice({"mp4": "MP4", "mkv": "Matroska"}), "Container", default="mp4")
    quality: int | None = _option(
        Whole(LEAST_QUALITY, 99),
        "Quality",
        "With `balanced` and `small`: the VMAF to aim at, mean over the film (95 unless told).",
        recipes=_with(Method.QUALITY),
    )
    audio: str = _option(Choice({"keep": "keep", "drop": "remove"}), "Sound", default="keep")
    audio_kbps: int | None = _option(
        Whole(16, 512, usual=(320, 256, 192, 128, 96, 64), unit="kbit/s"),
        "Sound bit rate",
        "Encode the sound anew, with so many kilobits per second for two channels.",
        unless=("audio", "drop"),
    )
    metadata: str = _option(
        Choice({"date": "keep the date", "keep": "keep all", "strip": "remove all"}),
        "Date, place and camera",
        "`date`: when it was filmed stays, with its time zone, and nothing else. `strip`: not even that. "
        "Languages, chapters, rotation and colours always stay.",
        default="date",
    )

    start: float | None = _option(
        Moment(),
        "Begin at",
        "Where the result begins: the first picture shown then or later. Seconds, or h:mm:ss, with fractions.",
    )
    end: float | None = _option(
        Moment(), "End at", "Where it ends: no picture is shown from then on. Seconds, or h:mm:ss, with fractions."
    )

    try_first: str | None = _option(
        Choice({"yes": "yes, then I choose"}, unasked="no"),
        "Try ten seconds first",
        "With `balanced` and `small`: before all of it is compressed, the job waits for you to choose among three "
        "qualities, by `choices` and `links.choose`.",
        recipes=_with(Method.QUALITY),
    )

    @property
    def the_recipe(self) -> Recipe:
        return RECIPES[self.recipe]

    @property
    def video_codec(self) -> Codec:
        return CODECS[self.codec or self.the_recipe.codec]

    @property
    def target_quality(self) -> int:
        return self.quality or self.the_recipe.quality or 95

    @property
    def is_trimmed(self) -> bool:
        return bool(self.start) or self.end is not None

    @property
    def part(self) -> Part | None:
        """What of the film is wanted, where that is not all of it."""
        return (self.start, self.end) if self.is_trimmed else None

    @property
    def changes_more(self) -> bool:
        """Whether more than fewer bytes is asked for, so that the original would not do as an answer."""
        asked = (self.max_height, self.max_fps, self.codec, self.audio_kbps)
        return self.is_trimmed or any(asked) or self.audio == "drop" or self.container != "mp4"

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Options":
        """Of what `as_dict` gave. The oldest rows say nothing of metadata, which were removed then."""
        return cls(**{"metadata": "strip", **values})


def _row(declared: "Field[Any]") -> Option:
    return Option(name=declared.name, default=declared.default, **declared.metadata)


OPTIONS: Mapping[str, Option] = {declared.name: _row(declared) for declared in fields(Options)}


def option_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema of each, by its name."""
    return {name: option.schema() for name, option in OPTIONS.items()}


def goes_with(recipe: str, name: str) -> bool:
    """Whether a field means something with this recipe; of what is no option or no recipe, nobody says no."""
    return name not in OPTIONS or recipe not in RECIPES or recipe in OPTIONS[name].recipes


def title_of(name: str) -> str:
    """What a person calls a field, also one that is no option."""
    return OPTIONS[name].title if name in OPTIONS else name.replace("_", " ").capitalize()


def parse_options(values: Mapping[str, Any]) -> Options:
    """Raises InvalidRequest naming every field that is unknown or unfit."""
    parsed, wrong = _parsed(values)
    wrong |= _misfits(parsed)
    if wrong:
        raise errors.InvalidRequest(fields=wrong)
    return Options(**parsed)


def _parsed(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is fine by itself, and what is wrong with the rest."""
    wrong = {name: "There is no such field." for name in values if name not in OPTIONS}
    parsed: dict[str, Any] = {}
    for name in OPTIONS.keys() & values.keys():
        try:
            parsed[name] = OPTIONS[name].accepts.parse(values[name])
        except ValueError as error:
            wrong[name] = str(error)
    return parsed, wrong


def misfits(values: Mapping[str, Any]) -> dict[str, str]:
    """Fields that are fine by themselves, but not together. What is not fine by itself is passed over."""
    return _misfits(_parsed(values)[0])


def _misfits(values: Mapping[str, Any]) -> dict[str, str]:
    recipe = RECIPES[values.get("recipe", DEFAULT_RECIPE)]
    wrong = {}
    if recipe.method is Method.SIZE and "limit_bytes" not in values:
        wrong["limit_bytes"] = f"Name the largest size; “{recipe.title}” needs it."
    for name, value in values.items():
        option = OPTIONS[name]
        if recipe.name not in option.recipes:
            wrong[name] = f"This goes with {_titles(option.recipes)} only."
        if isinstance(option.accepts, Choice) and recipe.name not in option.accepts.only.get(value, ALL):
            wrong[name] = f"“{recipe.title}” cannot use {option.accepts.titles[value]}."
        if option.unless and values.get(option.unless[0]) == option.unless[1]:
            wrong[name] = f"This does not go with `{option.unless[0]}={option.unless[1]}`."
    if (end := values.get("end")) is not None and end <= values.get("start", 0.0):
        wrong["end"] = "The end must come after the beginning."
    return wrong


def _titles(recipes: frozenset[str]) -> str:
    return " and ".join(f"“{recipe.title}”" for recipe in RECIPES.values() if recipe.name in recipes)
