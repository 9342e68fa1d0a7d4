"""Everything beside the picture: which streams of the source the result gets, and how."""

from dataclasses import dataclass, field
from typing import Any

from jobs.encoding.media import MediaInfo, Sound, Subtitle
from jobs.encoding.options import Options

TEXT = frozenset({"subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"})
SHARES = {1: 0.6, 2: 1.0}  # of the bits of a pair, by the number of channels; of more, each takes 0.4
OPUS_LAYOUTS = "7.1|5.1|stereo|mono"  # libopus refuses 5.1(side), which AC-3 decodes to


@dataclass(frozen=True)
class Track:
    """One stream of the result: `kind` is ffmpeg's letter for it, `options` are its encoder's.

    Language and title are not metadata that a person would want stripped: they tell tracks apart.
    """

    kind: str
    index: int
    options: dict[str, Any] = field(default_factory=dict)
    language: str = ""
    title: str = ""


@dataclass(frozen=True)
class Tracks:
    tracks: tuple[Track, ...] = ()
    notes: tuple[str, ...] = ()

    def count(self, kind: str) -> int:
        return sum(track.kind == kind for track in self.tracks)


def plan_tracks(options: Options, media: MediaInfo, audio_kbps: int | None = None) -> Tracks:
    """`audio_kbps` (for two channels) overrides options and recipe, and has all sound encoded anew."""
    tracks = [_sound(options, sound, audio_kbps) for sound in media.sounds if options.audio == "keep"]
    notes = []
    for subtitle in media.subtitles:
        if codec := _subtitle_codec(options, subtitle):
            tracks.append(Track("s", subtitle.index, {"c": codec}, subtitle.language, subtitle.title))
        else:
            notes.append(f"Subtitles{_in_language(subtitle)} are pictures, which MP4 cannot hold; MKV keeps them.")
    if media.cover is not None:
        if options.container == "mp4":
            tracks.append(Track("v", media.cover, {"c": "copy", "disposition": "attached_pic"}))
        else:
            notes.append("The cover picture was left out; MP4 keeps it.")
    if media.other_streams:
        notes.append(f"{media.other_streams} further tracks (such as telemetry) were left out.")
    return Tracks(tuple(tracks), tuple(notes))


def _sound(options: Options, sound: Sound, audio_kbps: int | None) -> Track:
    recipe = options.the_recipe
    anew = audio_kbps or options.audio_kbps
    if not anew and (sound.codec in recipe.copied_audio or (options.container == "mkv" and _is_compressed(sound))):
        return Track("a", sound.index, {"c": "copy"}, sound.language, sound.title)
    channels = min(sound.channels, 8) if not audio_kbps else min(sound.channels, 2)
    per_pair = min(anew or recipe.audio_kbps, 512)
    kbps = max(16, round(per_pair * SHARES.get(channels, 0.4 * channels)))
    encoder: dict[str, Any] = {"c": recipe.audio_codec, "b": f"{kbps}k", "ac": channels}
    if recipe.audio_codec == "libopus" and channels > 2:
        encoder |= {"filter": f"aformat=channel_layouts={OPUS_LAYOUTS}", "mapping_family": 1}
        del encoder["ac"]
    return Track("a", sound.index, encoder, sound.language, sound.title)


def _is_compressed(sound: Sound) -> bool:
    return not sound.codec.startswith("pcm_")


def _subtitle_codec(options: Options, subtitle: Subtitle) -> str | None:
    if options.container == "mp4":
        return "mov_text" if subtitle.codec in TEXT else None
    return "srt" if subtitle.codec == "mov_text" else "copy"


def _in_language(subtitle: Subtitle) -> str:
    return f" ({subtitle.language})" if subtitle.language else ""
