"""ffmpeg's own account of a run: what it read, what of it could be decoded, what changed on the way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

READ = re.compile(
    r"Input stream #0:(\d+) \(\w+\): (\d+) packets read .*?; (\d+) frames decoded(?: \(.*?\))?; (\d+) decode errors"
)
ENCODED = re.compile(r"Output stream #0:0 \(video\): (\d+) frames encoded")
WRITTEN = re.compile(r"Output stream #0:(\d+) \(\w+\): .*?(\d+) packets muxed")
RESHAPED = re.compile(r"Reconfiguring filter graph because video parameters changed to .*?, (\d+)x(\d+)")


@dataclass(frozen=True)
class Decoded:
    """Of one stream of the source: packets and frames, and how many packets made no sense."""

    packets: int
    frames: int
    errors: int


@dataclass(frozen=True)
class Account:
    """`streams` are those of the first input, by their number; `encoded` counts frames of the first output's picture,
    `written` the packets of each of that output's streams.

    `shapes` are the widths and heights, as coded, to which the picture changed on the way.
    """

    streams: dict[int, Decoded] = field(default_factory=dict)
    encoded: int | None = None
    written: Mapping[int, int] = field(default_factory=dict)
    shapes: frozenset[tuple[int, int]] = frozenset()


def read_account(lines: Sequence[str]) -> Account:
    """Of lines that ffmpeg wrote with `-loglevel level+verbose`; empty where it said nothing."""
    read = [match for line in lines if (match := READ.search(line))]
    streams = {int(match[1]): Decoded(int(match[2]), int(match[3]), int(match[4])) for match in read}
    encoded = next((int(match[1]) for line in lines if (match := ENCODED.search(line))), None)
    written = {int(match[1]): int(match[2]) for line in lines if (match := WRITTEN.search(line))}
    shapes = frozenset((int(match[1]), int(match[2])) for line in lines if (match := RESHAPED.search(line)))
    return Account(streams, encoded, written, shapes)
