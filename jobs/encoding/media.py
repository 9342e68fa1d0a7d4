"""MediaInfo: what a file is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


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
    video_codec: str
    pixel_format: str
    audio_codecs: tuple[str, ...] = ()
    video_stream: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "audio_codecs": list(self.audio_codecs)}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "MediaInfo":
        return cls(**{**fields, "audio_codecs": tuple(fields["audio_codecs"])})
