"""What was asked for, fitted to what the codec can do with this source."""

from dataclasses import replace

from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.picture import target_height

PLAYS_ALL = "h264"


def fitted(options: Options, media: MediaInfo) -> tuple[Options, list[str]]:
    """With H.264 where the codec that was wanted has no way to hold so small or so fast a picture; and what to say."""
    codec = options.video_codec
    height = target_height(options, media)
    side = min(height, height * media.width / media.height)
    too_fast = codec.most_fps and (media.peak_fps or 0) > codec.most_fps and not (options.max_fps or 0)
    if side >= codec.smallest_side and not too_fast:
        return options, []
    why = f"more than {codec.most_fps} frames per second" if too_fast else f"a side below {codec.smallest_side} pixels"
    return replace(options, codec=PLAYS_ALL), [f"H.264 was used: {codec.title} cannot hold a picture with {why}."]
