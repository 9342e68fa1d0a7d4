"""The page's form, drawn from the table of fields: a recipe or an option added there appears here by itself."""

from typing import Any

from django import forms

from jobs import encoding

LIMIT_PRESETS = (10, 25, 50)  # megabytes: what mail and chat services commonly take
BYTES_PER_MEGABYTE = 1_000_000

# Round numbers are chosen from a list; any other number may be sent by a program.
USUAL = {
    "max_height": [2160, 1440, 1080, 720, 480, 360],
    "max_fps": [60, 50, 30, 25, 24, 15],
    "audio_kbps": [320, 256, 192, 128, 96, 64],
}
TITLES = {
    "max_height": "Largest height",
    "max_fps": "Frames per second",
    "audio": "Sound",
    "audio_kbps": "Sound quality",
    "metadata": "Date, place and camera",
}
UNITS = {"max_height": "pixels", "max_fps": "at most", "audio_kbps": "kbit/s"}
THE_RECIPES = "as the recipe has it"
VALUES = {
    "keep": "keep",
    "drop": "remove",
    "strip": "remove",
    "h264": "H.264",
    "hevc": "H.265",
    "av1": "AV1",
    "vp9": "VP9",
    "mp4": "MP4",
    "mkv": "Matroska",
    "webm": "WebM",
}


class SubmitForm(forms.Form):
    """What the page shows. Its values are read by `jobs/submission/parse.py`, as a program's are."""

    use_required_attribute = False

    recipe = forms.ChoiceField(
        choices=[(recipe.name, recipe.title) for recipe in encoding.RECIPES.values()],
        initial=next(iter(encoding.RECIPES)),
    )
    limit_bytes = forms.ChoiceField(
        choices=[(number * BYTES_PER_MEGABYTE, f"{number} MB") for number in LIMIT_PRESETS],
        initial=LIMIT_PRESETS[0] * BYTES_PER_MEGABYTE,
        widget=forms.RadioSelect,
    )
    limit_megabytes = forms.DecimalField(
        widget=forms.NumberInput(
            attrs={"min": "0.1", "step": "0.1", "inputmode": "decimal", "aria-label": "Another size in megabytes"}
        )
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.option_names = [name for name in encoding.fields_schema() if name not in self.fields]
        for name in self.option_names:
            self.fields[name] = _field(name, encoding.fields_schema()[name])

    @property
    def options(self) -> list[forms.BoundField]:
        return [self[name] for name in self.option_names]

    @property
    def has_limit(self) -> bool:
        return "limit_bytes" in encoding.fields_schema()

    @property
    def is_touched(self) -> bool:
        """An option is not as the page offers it, so it must be seen."""
        return self.is_bound and any(
            self.data.get(name) not in (None, "", str(self[name].initial)) for name in self.option_names
        )


def title_of(name: str) -> str:
    """What a person calls a field."""
    schema = encoding.fields_schema().get(name, {})
    return schema.get("title") or TITLES.get(name) or name.replace("_", " ").capitalize()


def _field(name: str, schema: dict[str, Any]) -> forms.Field:
    label, default = title_of(name), schema.get("default")
    if "enum" in schema:
        choices = [(value, VALUES.get(value, value)) for value in schema["enum"]]
        return forms.ChoiceField(label=label, choices=_with_blank(choices, default, THE_RECIPES), initial=default)
    if name in USUAL:
        choices = [(number, f"{number} {UNITS[name]}") for number in USUAL[name] if _fits(number, schema)]
        return forms.ChoiceField(label=label, choices=_with_blank(choices, default), initial=default)
    attrs = {"placeholder": THE_RECIPES}
    return forms.IntegerField(
        label=label,
        min_value=schema.get("minimum"),
        max_value=schema.get("maximum"),
        initial=default,
        widget=forms.NumberInput(attrs=attrs),
    )


def _with_blank(choices: list[tuple[Any, str]], default: Any, blank: str = "as it is") -> list[tuple[Any, str]]:
    """Where nothing is the default, leaving it alone is a choice of its own."""
    return choices if default is not None else [("", blank), *choices]


def _fits(number: int, schema: dict[str, Any]) -> bool:
    return schema.get("minimum", number) <= number <= schema.get("maximum", number)
