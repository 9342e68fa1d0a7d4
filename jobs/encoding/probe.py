"""Probing: what is this file? PyAV reads it in a child process, so that a crash or a bomb ends there."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av

from jobs import errors
from jobs.encoding.media import MediaInfo
from jobs.encoding.sandbox import DEMUXERS, PROTOCOLS, limits

TIMEOUT = 60  # seconds
MAX_PIXELS = 8192 * 8192
MEMORY = 2 * 1024**3


def inspect(source: Path) -> MediaInfo:
    """Raises NotAVideo, AudioOnly or SourceTooDemanding."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "jobs.encoding.probe", str(source)],
            capture_output=True,
            timeout=TIMEOUT,
            start_new_session=True,
            preexec_fn=limits(0, MEMORY),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise errors.NotAVideo() from None
    if child.returncode != 0:
        raise errors.NotAVideo(log=child.stderr.decode(errors="replace")[-2000:])
    found = json.loads(child.stdout)
    if found is None:
        raise errors.AudioOnly()
    media = MediaInfo.from_dict(found)
    if media.width * media.height > MAX_PIXELS:
        raise errors.SourceTooDemanding()
    return media


def _read(path: str) -> dict[str, Any] | None:
    """In the child. None where there are streams, but none of them is a moving picture."""
    options = {"format_whitelist": DEMUXERS, "protocol_whitelist": PROTOCOLS}
    with av.open(path, options=options) as container:
        pictures = [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
        if not pictures:
            if container.streams.audio:
                return None
            raise ValueError("no streams")
        stream = pictures[0]
        frame = next(container.decode(stream))
        turned = frame.rotation % 180 != 0
        width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
        duration = container.duration / av.time_base if container.duration else None
        return {
            "container": container.format.name,
            "size": Path(path).stat().st_size,
            "duration": duration,
            "width": width,
            "height": height,
            "rotation": frame.rotation,
            "fps": float(stream.average_rate) if stream.average_rate else None,
            "video_codec": stream.codec_context.name,
            "pixel_format": frame.format.name,
            "audio_codecs": [s.codec_context.name for s in container.streams.audio],
            "video_stream": stream.index,
        }


if __name__ == "__main__":
    print(json.dumps(_read(sys.argv[1])))
