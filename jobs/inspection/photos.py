"""Files that no demuxer here reads, and that people take for videos all the same: photos."""

from pathlib import Path

BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"BM")  # JPEG, PNG, TIFF, BMP
ANIMATED = 0x02  # of the flags in a WebP's VP8X chunk (RFC 9649 section 2.7.1)


def is_photo(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(21)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return not (head[12:16] == b"VP8X" and head[20] & ANIMATED)
    return head.startswith(BEGINNINGS)
