"""A part of a film, as if it were the film: its own clock, which begins at its first picture, and its own chapters."""

from dataclasses import replace
from typing import Any

from jobs import errors
from jobs.encoding.accepts import on_the_clock
from jobs.encoding.args import EncodeArgs
from jobs.encoding.media import Cut, MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.streams import Chapter

ROUNDED = 1.0  # seconds by which an end may lie beyond the film: players round its length


def trimmed(args: EncodeArgs) -> EncodeArgs:
    """With the part that is asked for in place of the whole. Raises NoSuchPart, in words."""
    if not args.options.is_trimmed:
        return args
    _check(args.options, args.media)
    part = args.media.part or {}
    told = {
        **part,
        "key_frames": tuple(part["key_frames"]),
        "cuts": tuple(Cut(*cut) for cut in part["cuts"]),
        "part": None,
    }
    media = replace(args.media, **told)
    return replace(args, media=replace(media, chapters=_chapters(media)))


def notes(options: Options) -> list[str]:
    """What a person should know of it, who sees how much smaller it became."""
    if not options.is_trimmed:
        return []
    begin = f" from {on_the_clock(options.start)}" if options.start else ""
    end = " on" if options.end is None else f" up to {on_the_clock(options.end)}"
    return [f"It is the part{begin}{end}; the size before is that of the whole video."]


def end_of(media: MediaInfo) -> float:
    """In seconds after its beginning."""
    return media.starts_at + (media.duration or 0.0)


def cut_subtitles(media: MediaInfo) -> dict[str, Any]:
    """Of a subtitle track: those outside of the part go, and those that reach into it are cut there."""
    if not media.is_trimmed:
        return {}
    end = f"{end_of(media):.6f}/TB"
    gone = f"lte(pts+duration\\,0)+gte(pts*tb\\,{end_of(media):.6f})"
    return {
        "bsf": f"noise=drop='{gone}',"
        f"setts=pts='max(0,PTS)':dts='max(0,DTS)':duration='min({end},PTS+DURATION)-max(0,PTS)'"
    }


def _check(options: Options, media: MediaInfo) -> None:
    if media.part is None or media.duration is None:
        raise errors.NoSuchPart("Nobody knows when its pictures are shown, so that no part of it can be told.")
    end_of_film = end_of(media)
    wrong = {
        "begins": options.start if (options.start or 0.0) >= end_of_film else None,
        "ends": options.end if (options.end or 0.0) > end_of_film + ROUNDED else None,
    }
    if said := [f"{verb} at {on_the_clock(moment)}" for verb, moment in wrong.items() if moment is not None]:
        length = on_the_clock(end_of_film)
        raise errors.NoSuchPart(
            f"The part {' and '.join(said)}, but the video ends at {length}. {errors.NoSuchPart.advice}"
        )
    if not media.part["frames"]:
        raise errors.NoSuchPart(f"No picture begins within it. {errors.NoSuchPart.advice}")


def _chapters(media: MediaInfo) -> tuple[Chapter, ...]:
    """Those that reach into it; of a whole film's clock."""
    begin, end = media.skipped, media.skipped + end_of(media)
    within = [chapter for chapter in media.chapters if chapter.end > begin and chapter.start < end]
    return tuple(Chapter(max(begin, each.start) - begin, min(end, each.end) - begin, each.title) for each in within)
