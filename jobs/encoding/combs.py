"""Whether a picture that only its container calls interlaced really shows combs."""

import re

import ffmpeg

from jobs import errors
from jobs.encoding.command import compiled
from jobs.encoding.picture import read_source
from jobs.encoding.session import EncodeSession

LOOKED_AT = 150  # frames, from a third of the film
COUNTED = re.compile(r"Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)")
SHARE = 0.25  # of the frames that could be told; still pictures show no combs


def look_for_combs(session: EncodeSession) -> None:
    """By ffmpeg's idet. Frames that say so themselves need no look."""
    media = session.media
    if media.is_interlaced or not media.is_said_interlaced:
        return
    stream = read_source(session.args, ss=round(media.skipped + media.starts_at + (media.duration or 0) / 3, 3))
    looked = stream[str(media.video_stream)].filter("idet")
    argv = compiled(ffmpeg.output(looked, "-", f="null", **{"frames:v": LOOKED_AT}), loglevel="info")
    try:
        run = session.run(argv, "inspect", media_seconds=None, expected=1.0)
    except errors.EncodeFailed:
        return
    # It counts, and tells, once more from where its graph was made anew.
    counts = [tuple(map(int, found)) for found in COUNTED.findall(run.log)]
    combed, told = sum(tff + bff for tff, bff, _ in counts), sum(map(sum, counts))
    if combed > SHARE * told:
        session.know(is_combed=True)
