"""What a file holds beside its picture: sound, subtitles, a cover, fonts, chapters."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sound:
    """One audio stream. `language` is ISO 639, "" where nobody said; `bit_rate` is in bits per second.

    `fits` names the containers that take it as it is; `layout` is ffmpeg's name of where the channels stand.
    """

    index: int
    codec: str
    channels: int
    language: str = ""
    title: str = ""
    bit_rate: int | None = None
    layout: str = ""
    has_lost_clock: bool = False  # its times jump about, while the picture's do not
    fits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subtitle:
    """One subtitle stream: text, or pictures of text. `tells_places`: it holds positions, as a drone's does."""

    index: int
    codec: str
    language: str = ""
    title: str = ""
    is_text: bool = False
    is_styled: bool = False
    tells_places: bool = False
    fits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cover:
    """A still picture of the whole. `size` is in bytes; `has_exif`: it may tell when and where it was taken."""

    index: int
    codec: str
    size: int = 0
    has_exif: bool = False


@dataclass(frozen=True)
class Font:
    """An attachment that styled subtitles ask for."""

    index: int
    filename: str
    mimetype: str


@dataclass(frozen=True)
class Chapter:
    """From `start` to `end`, in seconds."""

    start: float
    end: float
    title: str = ""
