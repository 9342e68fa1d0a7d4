"""How long the last picture of a result is shown: as long as in the source, or until a part of it ends."""

from jobs.encoding.media import MediaInfo

# x264 with B-frames writes the last picture before others, and SVT-AV1 forgets how long it is shown; MP4 and Matroska
# end with the packet that is written last, so that one is made to last until the picture's own end; or for as long as
# any picture, where the last one is not held: fragments may say that it lasts a tick.
HOLD_LAST = (
    "setts=pts=PTS:dts=DTS:"
    "duration='if(eq(NEXT_DTS,NOPTS),max(DURATION,min(STARTPTS+{ticks}-PTS,{most}/TB)),DURATION)'"
)
# A part of a film ends when it was told to, however long its last picture is shown in the whole. One that is
# shown shorter than those before it would be given the time of one of them.
END_WITH_LAST = (
    "setts=pts=PTS:dts=DTS:"
    "duration='max(1,if(eq(NEXT_DTS,NOPTS),STARTPTS+{ticks}-PTS,min(DURATION,STARTPTS+{ticks}-PTS)))'"
)
HELD = 1.5  # times as long as other pictures


def as_long_as_it_is_shown(media: MediaInfo) -> dict[str, str]:
    """The option of an output that sees to it."""
    ticks = f"{media.duration}/TB"
    if media.is_trimmed:
        return {"bsf:v:0": END_WITH_LAST.format(ticks=ticks)}
    if not media.duration or media.has_jumps:
        return {}
    is_held = media.last_frame >= HELD * media.interval
    if not is_held and media.late_gap >= HELD * media.last_frame:
        return {"bsf:v:0": END_WITH_LAST.format(ticks=ticks)}
    most = media.duration if is_held else media.interval
    return {"bsf:v:0": HOLD_LAST.format(ticks=ticks, most=most)}
