"""A plan: what preparing a job found, so that any worker can make any piece without looking at the source again."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from jobs.encoding.args import EncodeArgs
from jobs.encoding.cuts import Stretch
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.search import Trial, bytes_by_samples
from jobs.encoding.options import Options


@dataclass(frozen=True)
class Plan:
    """`asked` are the options as they were asked for, `options` what this source and its codec make of them.

    `stretches` are what its pieces hold, which their rows keep; a plan that was stored has none. `trials` are what the
    search tried, with the bytes that the whole would have. `pace` is how many seconds encoding and measuring took for
    one second of film in the search; None is unknown. `notes` are for whoever gets the result.
    """

    asked: Options
    options: Options
    media: MediaInfo
    stretches: tuple[Stretch, ...]
    crf: float
    is_measured: bool
    trials: tuple[Trial, ...] = ()
    pace: float | None = None
    notes: tuple[str, ...] = ()

    def after(self, crfs: Sequence[float | None]) -> "Plan":
        """Where nothing was tried beforehand, it begins where one of the pieces that are done ended: in the middle."""
        known = [crf for crf in crfs if crf is not None]
        return self if self.trials or not known else replace(self, crf=statistics.median_low(known))

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
        """As JSON, of the same size however long the film is."""
        return {
            "asked": self.asked.as_dict(),
            "options": self.options.as_dict(),
            "media": self.media.stored(),
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
                "stretches": (),
                "trials": tuple(Trial(*each) for each in fields["trials"]),
                "notes": tuple(fields["notes"]),
            }
        )
