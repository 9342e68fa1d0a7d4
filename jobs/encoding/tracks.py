"""Everything beside the picture: which streams of the source the result gets, and how."""

from dataclasses import dataclass, field
from typing import Any

from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.streams import Cover, Font, Sound, Subtitle
from jobs.encoding.trim import cut_subtitles, end_of

SHARES = {1: 0.6, 2: 1.0}  # of the bits of a pair, by the number of channels; of more, each takes 0.4
MOST_CHANNELS = 8
# What the encoders know, by the number of channels; ffmpeg takes the nearest that has no fewer than the source.
LAYOUTS = {
    "aac": {3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 8: "7.1"},
    "libopus": {3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"},
}
FONT_TYPE = "application/x-truetype-font"
SHOWN_COVERS = {"mjpeg", "png"}  # what players show


@dataclass(frozen=True)
class Track:
    """One stream of the result: `kind` is ffmpeg's letter for it, `options` are its encoder's.

    `tags` are metadata that nobody would want stripped, at most two: language and title, which tell tracks apart.
    """

    kind: str
    index: int
    options: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tracks:
    tracks: tuple[Track, ...] = ()
    notes: tuple[str, ...] = ()

    def count(self, kind: str) -> int:
        return sum(track.kind == kind for track in self.tracks)


def plan_tracks(
    options: Options, media: MediaInfo, audio_kbps: int | None = None, *, with_cover: bool = True
) -> Tracks:
    """`audio_kbps` (for two channels) overrides options and recipe, and has all sound encoded anew."""
    sounds, subtitles, cover = _sounds(options, media, audio_kbps), _subtitles(options, media), Tracks()
    fonts = [_font(font) for font in media.fonts if options.container == "mkv" and subtitles.tracks]
    if media.cover is not None:
        cover = _cover(options, media.cover) if with_cover else Tracks(notes=("The cover picture was left out.",))
    left_over = tuple(f"Left out: {words}." for words in media.left_over)
    return Tracks(
        (*sounds.tracks, *subtitles.tracks, *cover.tracks, *fonts),
        (*sounds.notes, *subtitles.notes, *cover.notes, *left_over),
    )


def _sounds(options: Options, media: MediaInfo, audio_kbps: int | None) -> Tracks:
    if options.audio != "keep":
        return Tracks()
    notes = []
    if media.lost_sounds and not media.sounds:
        notes.append("The sound is in a form that cannot be read here: the result is silent.")
    elif media.lost_sounds:
        notes.append("A sound track in a form that cannot be read here was left out.")
    return Tracks(tuple(_sound(options, media, sound, audio_kbps) for sound in media.sounds), tuple(notes))


def _sound(options: Options, media: MediaInfo, sound: Sound, audio_kbps: int | None) -> Track:
    """Of a part of a film it is encoded anew: packets end where they will, samples where they should."""
    recipe = options.the_recipe
    anew = audio_kbps or options.audio_kbps
    stays = sound.codec in recipe.copied_audio or (options.container == "mkv" and _is_compressed(sound))
    is_whole = not (media.is_trimmed or sound.has_lost_clock)
    if not anew and stays and options.container in sound.fits and is_whole:
        return Track("a", sound.index, {"c": "copy"}, _tags(sound))
    steps, channels = _mix(sound)
    steps = [*_clocked(options, media, sound), *steps]
    channels = min(channels, 2) if audio_kbps else channels
    per_pair = min(anew or recipe.audio_kbps, 512)
    kbps = max(16, round(per_pair * SHARES.get(channels, 0.4 * channels)))
    encoder: dict[str, Any] = {"c": recipe.audio_codec, "b": f"{kbps}k"}
    if channels > 2:
        wide_enough = [name for count, name in LAYOUTS[recipe.audio_codec].items() if count >= channels]
        steps.append(f"aformat=channel_layouts={'|'.join(wide_enough)}")
        encoder |= {"mapping_family": 1} if recipe.audio_codec == "libopus" else {}
    else:
        encoder["ac"] = channels
    if steps:
        encoder["filter"] = ",".join(steps)
    return Track("a", sound.index, encoder, _tags(sound))


def _clocked(options: Options, media: MediaInfo, sound: Sound) -> list[str]:
    """Where it has lost its own, its samples follow each other, whatever their times say. Of a part, what is within;
    up to its own end, where none was asked for.
    """
    skipped = f"-{media.skipped}/TB" if media.skipped else ""
    steps = [f"asetpts=N/SR/TB{skipped}"] if sound.has_lost_clock else []
    end = f":end={end_of(media):.6f}" if options.end is not None else ""
    return [*steps, f"atrim=start=0{end}"] if media.is_trimmed else steps


def _tags(track: Sound | Subtitle) -> dict[str, str]:
    return {"language": track.language, "title": track.title}


def _mix(sound: Sound) -> tuple[list[str], int]:
    """Filters where the encoders know no such channels, and how many there are after them."""
    if sound.layout.startswith("ambisonic"):  # its first channel is what comes from everywhere
        return ["pan=mono|c0=c0"], 1
    if sound.channels > MOST_CHANNELS:
        return ["pan=stereo|c0=c0|c1=c1"], 2
    return [], sound.channels


def _is_compressed(sound: Sound) -> bool:
    """And stays whole when it is copied: of TTA, ffmpeg's muxer loses the end."""
    return not sound.codec.startswith("pcm_") and sound.codec != "tta"


def _subtitles(options: Options, media: MediaInfo) -> Tracks:
    tracks, notes = [], []
    for subtitle in media.subtitles:
        language = f" ({subtitle.language})" if subtitle.language else ""
        if subtitle.tells_places and options.metadata != "keep":
            notes.append("Subtitles that tell positions were left out, since places are to be removed.")
        elif codec := _subtitle_codec(options, subtitle):
            tracks.append(Track("s", subtitle.index, {"c": codec, **cut_subtitles(media)}, _tags(subtitle)))
            if subtitle.is_styled and codec != "copy":
                notes.append(f"Subtitles{language} became plain text, one line at a time; MKV keeps their style.")
        elif options.container == "mp4":
            notes.append(f"Subtitles{language} are pictures, which MP4 cannot hold; MKV keeps them.")
        else:
            notes.append(f"Subtitles{language} are in a form that cannot be kept.")
    return Tracks(tuple(tracks), tuple(notes))


def _subtitle_codec(options: Options, subtitle: Subtitle) -> str | None:
    if options.container == "mp4":
        return "mov_text" if subtitle.is_text else None
    if options.container in subtitle.fits:
        return "copy"
    return "srt" if subtitle.is_text else None


def _font(font: Font) -> Track:
    return Track("t", font.index, {"c": "copy"}, {"mimetype": font.mimetype or FONT_TYPE, "filename": font.filename})


def _cover(options: Options, cover: Cover) -> Tracks:
    if options.container != "mp4":
        return Tracks(notes=("The cover picture was left out; MP4 keeps it.",))
    if options.metadata == "keep":
        return Tracks(notes=("The cover picture was left out: MP4 holds either it or all other metadata.",))
    codec = "copy" if cover.codec in SHOWN_COVERS and not cover.has_exif else "png"
    options_of_it: dict[str, Any] = {"c": codec, "disposition": "attached_pic"}
    if cover.has_exif:
        options_of_it["filter"] = "sidedata=mode=delete"
    return Tracks((Track("v", cover.index, options_of_it),))
