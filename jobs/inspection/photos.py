"""Photos, which people take for videos; and videos that begin like photos."""

from pathlib import Path

BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM")  # JPEG, PNG, TIFF, BMP

NEXT_JPEG = b"\xff\xd9\xff\xd8\xff"  # the end of one, and the beginning of another
LOOKED_AT = 16 * 1024**2  # bytes
PICTURES = 8  # in there at least; a photo may have some behind it, for brightness or depth


def is_raw_mjpeg(path: Path) -> bool:
    """JPEGs one after the other, as webcams save them; ffmpeg takes them for one."""
    with path.open("rb") as file:
        return file.read(3) == BEGINNINGS[0] and file.read(LOOKED_AT).count(NEXT_JPEG) >= PICTURES


def is_photo(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(BEGINNINGS) or (head[:4] == b"RIFF" and head[8:] == b"WEBP")
