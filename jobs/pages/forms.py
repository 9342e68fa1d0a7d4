"""The page's form, drawn from the table of options: a recipe or an option added there appears here by itself."""

from collections.abc import Mapping
from typing import Any

from django import forms

from jobs.encoding import OPTIONS, RECIPES, Choice, Moment, Option, Whole
from jobs.submission.parse import BYTES_PER_MEGABYTE

THE_RECIPES = "as the recipe has it"
A_MOMENT = {
    "autocomplete": "off",
    "pattern": r"(?:\d+:)?(?:\d+:)?\d+(?:[.,]\d+)?",
    "title": "Such as 1:23, or seconds",
}
PLACES = {"start": {"placeholder": "the beginning"}, "end": {"placeholder": "the end"}}


class SubmitForm(forms.Form):
    """What the page shows. Its values are read by `jobs/submission/parse.py`, as a program's are."""

    use_required_attribute = False

    limit_megabytes = forms.DecimalField(
        widget=forms.NumberInput(
            attrs={"min": "0.1", "step": "0.1", "inputmode": "decimal", "aria-label": "Another size in megabytes"}
        )
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields |= {name: _field(option) for name, option in OPTIONS.items()}
        self.fields["limit_bytes"] = _limit(OPTIONS["limit_bytes"])

    @property
    def options(self) -> list[forms.BoundField]:
        """Those behind "More options"; recipe, limit and part have a place of their own."""
        return [self[name] for name in OPTIONS if name not in {"recipe", "limit_bytes", *PLACES}]

    @property
    def part(self) -> list[forms.BoundField]:
        """From when to when."""
        return [self[name] for name in PLACES]

    @property
    def fits(self) -> dict[str, Any]:
        """For the page's script: what goes with which recipe, where not all of it goes with all."""
        return {name: fit for name, option in OPTIONS.items() if (fit := _fit(option))}

    @property
    def is_touched(self) -> bool:
        """An option is not as the page offers it, so it must be seen."""
        return self.is_bound and any(
            field.value() not in (None, "", str(self.fields[field.name].initial))
            for field in [*self.options, *self.part]
        )


def _fit(option: Option) -> dict[str, Any]:
    only = option.accepts.only if isinstance(option.accepts, Choice) else {}
    fit = {
        "recipes": sorted(option.recipes) if option.recipes != frozenset(RECIPES) else None,
        "only": {value: sorted(recipes) for value, recipes in only.items()},
        "unless": option.unless,
    }
    return {name: rule for name, rule in fit.items() if rule}


def as_filled_in(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's fields hold where these options were chosen: a size that it does not offer is a number."""
    limit, offered = options.get("limit_bytes"), OPTIONS["limit_bytes"].accepts
    if limit is None or (isinstance(offered, Whole) and limit in offered.usual):
        return dict(options)
    others = {name: value for name, value in options.items() if name != "limit_bytes"}
    return {**others, "limit_megabytes": limit / BYTES_PER_MEGABYTE}


def _field(option: Option) -> forms.Field:
    match option.accepts:
        case Choice(titles=titles, unasked=unasked):
            choices = _with_blank(list(titles.items()), option.default, unasked)
        case Whole(usual=usual, unit=unit) if usual:  # round numbers to choose from; a program may send any other
            choices = _with_blank([(number, f"{number} {unit}") for number in usual], option.default)
        case Whole(minimum, maximum):
            widget = forms.NumberInput(attrs={"placeholder": THE_RECIPES})
            return forms.IntegerField(label=option.title, min_value=minimum, max_value=maximum, widget=widget)
        case Moment():
            return forms.CharField(label=option.title, widget=forms.TextInput(attrs=A_MOMENT | PLACES[option.name]))
    return forms.ChoiceField(label=option.title, choices=choices, initial=option.default)


def _limit(option: Option) -> forms.Field:
    usual = option.accepts.usual if isinstance(option.accepts, Whole) else ()
    choices = [(number, f"{number // BYTES_PER_MEGABYTE} MB") for number in usual]
    return forms.ChoiceField(label=option.title, choices=choices, initial=usual[0], widget=forms.RadioSelect)


def _with_blank(choices: list[tuple[Any, str]], default: Any, blank: str = "as it is") -> list[tuple[Any, str]]:
    """Where nothing is the default, leaving it alone is a choice of its own."""
    return choices if default is not None else [("", blank), *choices]
