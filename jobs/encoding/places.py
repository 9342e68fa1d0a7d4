"""Names of tracks and chapters may tell where a film was made; they go where places are to be removed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from jobs.encoding.media import MediaInfo
from jobs.encoding.streams import Chapter, Sound, Subtitle
from jobs.inspection.texts import tells_place

Named = TypeVar("Named", Sound, Subtitle, Chapter)


def without_places(media: MediaInfo) -> MediaInfo:
    return replace(
        media,
        sounds=_unnamed(media.sounds),
        subtitles=_unnamed(media.subtitles),
        chapters=_unnamed(media.chapters),
    )


def _unnamed(named: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(replace(each, title="") if tells_place(each.title) else each for each in named)
