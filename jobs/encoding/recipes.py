"""The recipes: a table that forms, the API and the docs iterate over. To add a recipe, add a row."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    QUALITY = "quality"  # search for the CRF that meets a VMAF target
    SINGLE = "single"  # the codec's usual CRF, no search
    SIZE = "size"  # two passes towards a number of bytes


@dataclass(frozen=True)
class Recipe:
    """A named way to compress, in words that a person understands."""

    name: str
    title: str
    summary: str
    expected_saving: str
    pace: str
    method: Method
    codec: str  # of CODECS
    audio_codec: str  # ffmpeg's encoder, for sound that cannot be copied
    audio_kbps: int  # per pair of channels
    copied_audio: frozenset[str]  # codecs that stay as they are
    quality: int | None = None  # VMAF, mean over the film

    @property
    def aims_at_quality(self) -> bool:
        return self.method is Method.QUALITY


PLAYS_EVERYWHERE = frozenset({"aac", "mp3"})
PLAYS_LATELY = PLAYS_EVERYWHERE | {"opus", "ac3", "eac3"}

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="balanced",
            title="Balanced",
            summary="Looks the same and plays everywhere (H.264, MP4).",
            expected_saving="often half",
            pace="about the length of the video",
            method=Method.QUALITY,
            codec="h264",
            audio_codec="aac",
            audio_kbps=128,
            copied_audio=PLAYS_EVERYWHERE,
            quality=95,
        ),
        Recipe(
            name="small",
            title="Smallest",
            summary="The same look in far fewer bytes, for devices of the last few years (AV1, MP4).",
            expected_saving="often two thirds",
            pace="one to two times the length of the video",
            method=Method.QUALITY,
            codec="av1",
            audio_codec="libopus",
            audio_kbps=96,
            copied_audio=PLAYS_LATELY,
            quality=95,
        ),
        Recipe(
            name="fast",
            title="Fast",
            summary="When you are in a hurry; a little larger (H.264, MP4).",
            expected_saving="often a third",
            pace="a fraction of the length of the video",
            method=Method.SINGLE,
            codec="h264",
            audio_codec="aac",
            audio_kbps=128,
            copied_audio=PLAYS_EVERYWHERE,
        ),
        Recipe(
            name="limit",
            title="Fit a size",
            summary="As good as it can be below the size that you name, to send by mail or chat (H.264, MP4).",
            expected_saving="what you ask for",
            pace="about twice the length of the video",
            method=Method.SIZE,
            codec="h264",
            audio_codec="aac",
            audio_kbps=128,
            copied_audio=PLAYS_EVERYWHERE,
        ),
    )
}
