"""What a file says of itself, and what of that its result says again."""

from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.tracks import Tracks

APPLE = "com.apple.quicktime.creationdate"  # what players of today read, zone and all
NOT_ITS_OWN = dict.fromkeys(("major_brand", "minor_version", "compatible_brands"), "")  # "" takes a tag away
TOLD = {"place": "where it was filmed", "camera": "with which camera"}


def file_tags(options: Options, media: MediaInfo, tracks: Tracks) -> dict[str, str]:
    """Of the whole file, by ffmpeg's names, which are the containers' own fields where they have such.

    ffmpeg takes the date away from what it copies, and has the name of the source's container stay.
    """
    if options.metadata == "strip":
        return {}
    said = dict(NOT_ITS_OWN) if options.metadata == "keep" else {}
    if media.creation_time:
        said["creation_time"] = media.creation_time
    if media.creation_date:
        apple = needs_any_tag(options, media, tracks) and media.has_zone
        said[APPLE if apple else "date"] = media.creation_date
    return said


def needs_any_tag(options: Options, media: MediaInfo, tracks: Tracks) -> bool:
    """Whether an MP4 holds tags by any name; it has a cover picture then, or those."""
    if options.container != "mp4" or options.metadata == "strip":
        return False
    return options.metadata == "keep" or (media.has_zone and not tracks.count("v"))


def original_tells(options: Options, media: MediaInfo) -> list[str]:
    """What to say where the source itself is the result, and more is in it than was wanted."""
    if options.metadata == "keep":
        return []
    told = [TOLD[name] for name in media.tells]
    if told and options.metadata == "strip" and media.creation_time:
        told = ["when", *told]
    if told:
        return [f"Being the original, it still tells {' and '.join(told)}."]
    words = "place and camera" if options.metadata == "date" else "date, place and camera"
    return [f"Being the original, it still has its {words}, if it had them."]
