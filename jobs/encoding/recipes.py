"""The recipes: a table that forms, the API and the docs iterate over. To add a recipe, add a row."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """A named way to compress, in words that a person understands."""

    name: str
    title: str
    summary: str
    expected_saving: str
    pace: str
    video_codec: str  # ffmpeg's encoder
    crf: int  # constant rate factor on the encoder's own scale
    speed: str  # ffmpeg's -preset
    audio_codec: str
    audio_kbps: int  # per pair of channels
    container: str
    pixel_format: str


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="balanced",
            title="Balanced",
            summary="Looks the same and plays everywhere (H.264, MP4).",
            expected_saving="often half",
            pace="about the length of the video",
            video_codec="libx264",
            crf=25,
            speed="medium",
            audio_codec="aac",
            audio_kbps=128,
            container="mp4",
            pixel_format="yuv420p",
        ),
        Recipe(
            name="small",
            title="Smallest",
            summary="The same look in far fewer bytes, for devices of the last few years (AV1, MP4).",
            expected_saving="often two thirds",
            pace="one to two times the length of the video",
            video_codec="libsvtav1",
            crf=36,
            speed="8",
            audio_codec="libopus",
            audio_kbps=96,
            container="mp4",
            pixel_format="yuv420p10le",
        ),
        Recipe(
            name="fast",
            title="Fast",
            summary="When you are in a hurry; a little larger (H.264, MP4).",
            expected_saving="often a third",
            pace="a fraction of the length of the video",
            video_codec="libx264",
            crf=24,
            speed="veryfast",
            audio_codec="aac",
            audio_kbps=128,
            container="mp4",
            pixel_format="yuv420p",
        ),
    )
}
