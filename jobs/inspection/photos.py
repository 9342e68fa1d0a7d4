"""Files that no demuxer here reads, and that people take for videos all the same: photos."""

from pathlib import Path

BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM")  # JPEG, PNG, TIFF, BMP


def is_photo(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(BEGINNINGS) or (head[:4] == b"RIFF" and head[8:] == b"WEBP")
