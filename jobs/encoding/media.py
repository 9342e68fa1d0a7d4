"""MediaInfo: what a file is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

HDR_TRANSFERS = {"smpte2084", "arib-std-b67"}  # PQ of HDR10, and HLG (ITU-R BT.2100)


@dataclass(frozen=True)
class Sound:
    """One audio stream. `language` is ISO 639, "" where nobody said; `bit_rate` is in bits per second."""

    index: int
    codec: str
    channels: int
    language: str = ""
    title: str = ""
    bit_rate: int | None = None


@dataclass(frozen=True)
class Subtitle:
    """One subtitle stream: text, or pictures of text."""

    index: int
    codec: str
    language: str = ""
    title: str = ""


@dataclass(frozen=True)
class MediaInfo:
    """`width` and `height` are as displayed, rotation applied; `duration` is in seconds, None if unknown."""

    container: str
    size: int
    duration: float | None
    width: int
    height: int
    rotation: int
    fps: float | None
    frames: int | None  # as the container says; None where it does not
    video_codec: str
    pixel_format: str
    bit_depth: int = 8
    has_alpha: bool = False
    is_rgb: bool = False
    is_interlaced: bool = False
    transfer: str = ""  # ffmpeg's name of the transfer characteristic, "" where it is not said
    video_stream: int = 0
    sounds: tuple[Sound, ...] = ()
    subtitles: tuple[Subtitle, ...] = ()
    cover: int | None = None  # the stream that is a still picture of the whole
    chapters: int = 0
    other_streams: int = 0  # telemetry, attached fonts, further angles

    @property
    def is_hdr(self) -> bool:
        return self.transfer in HDR_TRANSFERS

    @property
    def audio_codecs(self) -> list[str]:
        return [sound.codec for sound in self.sounds]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "is_hdr": self.is_hdr, "audio_codecs": self.audio_codecs}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "MediaInfo":
        sounds = tuple(Sound(**sound) for sound in fields["sounds"])
        subtitles = tuple(Subtitle(**subtitle) for subtitle in fields["subtitles"])
        return cls(**{**fields, "sounds": sounds, "subtitles": subtitles})
