"""A plan: what preparing a job found, so that any worker can make any piece without looking at the source again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from jobs.encoding.args import EncodeArgs
from jobs.encoding.cuts import Part, Stretch, halves, stretch_between
from jobs.encoding.media import Cut, MediaInfo
from jobs.encoding.methods.search import Trial, bytes_by_samples
from jobs.encoding.options import Options


@dataclass(frozen=True)
class Plan:
    """`asked` are the options as they were asked for, `options` what this source and its codec make of them.

    `places` are where it can be cut, `parts` are the pieces by their numbers: from which place to which. `trials` are
    what the search tried, with the bytes that the whole would have. `pace` is how many seconds encoding and measuring
    took for one second of film in the search; None is unknown. `notes` are for whoever gets the result.
    """

    asked: Options
    options: Options
    media: MediaInfo
    places: tuple[Cut, ...]
    parts: tuple[Part, ...]
    crf: float
    is_measured: bool
    trials: tuple[Trial, ...] = ()
    pace: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """What each piece holds, by number; in the order of the film unless one was halved."""
        return tuple(stretch_between(self.places, part) for part in self.parts)

    def halving(self, number: int) -> "Plan | None":
        """With that piece only half as long, and a new one, the last by number, for its rest. None: it cannot be."""
        both = halves(self.places, self.parts[number])
        if both is None:
            return None
        first, rest = both
        return replace(self, parts=(*self.parts[:number], first, *self.parts[number + 1 :], rest))

    @property
    def expected_bytes(self) -> float | None:
        """Of the result; None where no samples were made."""
        return bytes_by_samples(self.trials, self.crf)

    @property
    def beside_bytes(self) -> float:
        """Of them, those of the sound."""
        sounds = self.media.sounds if self.options.audio == "keep" else ()
        return sum((sound.bit_rate or 0) / 8 for sound in sounds) * (self.media.duration or 0.0)

    def applied_to(self, args: EncodeArgs) -> EncodeArgs:
        return replace(args, options=self.options, media=self.media)

    def as_dict(self) -> dict[str, Any]:
        """As JSON: some 50 bytes a place, beside what the source is."""
        return {
            "asked": self.asked.as_dict(),
            "options": self.options.as_dict(),
            "media": self.media.stored(),
            "places": [list(asdict(place).values()) for place in self.places],
            "parts": [list(part) for part in self.parts],
            "crf": self.crf,
            "is_measured": self.is_measured,
            "trials": [list(asdict(trial).values()) for trial in self.trials],
            "pace": self.pace,
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Plan":
        return cls(
            **{
                **fields,
                "asked": Options.from_dict(fields["asked"]),
                "options": Options.from_dict(fields["options"]),
                "media": MediaInfo.restored(fields["media"]),
                "places": tuple(Cut(*each) for each in fields["places"]),
                "parts": tuple((begin, end) for begin, end in fields["parts"]),
                "trials": tuple(Trial(*each) for each in fields["trials"]),
                "notes": tuple(fields["notes"]),
            }
        )
