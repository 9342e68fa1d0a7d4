"""What a file's own structure tells: whether all bytes are there that it announces, and whether it is in fragments."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MP4 = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"moof", b"sidx"}


def share_there(path: Path) -> float:
    """From 0 to 1; 1 where all is there, or where the format does not announce its size."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        announced = size
        if head[:4] in {b"RIFF", b"RIFX"}:
            announced = max(_riff_chunks(file, size), default=0)
        elif head[:4] == b"\x1aE\xdf\xa3":
            announced = _matroska_end(file) or size
        elif head[4:8] in MP4:
            announced = max((end for _, end in _boxes(file, size)), default=0)
    return min(1.0, size / max(announced, 1))


def is_fragmented(path: Path) -> bool:
    """ISO 14496-12 section 8.8: an MP4 that was written as it came, as streams and browsers' recordings are."""
    return any(kind == b"moof" for kind in _kinds(path))


def lacks_index(path: Path) -> bool:
    """Of an MP4 that was cut short: cameras write it at the end. Photos and segments of streams have none."""
    kinds = set(_kinds(path))
    return b"mdat" in kinds and not kinds & {b"moov", b"moof", b"styp", b"sidx", b"meta"}


def _kinds(path: Path) -> Iterator[bytes]:
    """Of the boxes of an MP4; nothing of another file."""
    with path.open("rb") as file:
        if file.read(8)[4:] in MP4:
            for kind, _ in _boxes(file, path.stat().st_size):
                yield kind


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """ISO 14496-12 section 4.2: the boxes at the top, and where they end."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4]), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16])
        if length == 0 and kind.isalnum():  # "up to the end"; recorders fill in the length last
            yield kind, size
        if length < 8 or not kind.isalnum():
            return
        at += length
        yield kind, at


def _riff_chunks(file: BinaryIO, size: int) -> Iterator[int]:
    """An AVI above 1 GB is several RIFFs, one after the other (OpenDML)."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:8], "little")
        if head[:4] not in {b"RIFF", b"RIFX"} or length in {0, 0xFFFFFFFF}:
            return
        at += 8 + length + length % 2
        yield at - length % 2


def _matroska_end(file: BinaryIO) -> int | None:
    """RFC 8794: the header is an element, and the segment the next. None where its size is not known."""
    file.seek(0)
    _element_id(file)
    header = _element_size(file)
    if header is None:
        return None
    file.seek(header, 1)
    if _element_id(file) != b"\x18S\x80g":
        return None
    segment = _element_size(file)
    return None if segment is None else file.tell() + segment


def _element_id(file: BinaryIO) -> bytes:
    first = file.read(1)
    return first + file.read(_length(first) - 1)


def _element_size(file: BinaryIO) -> int | None:
    first = file.read(1)
    length = _length(first)
    value = int.from_bytes(first + file.read(length - 1)) & ((1 << 7 * length) - 1)
    return None if value == (1 << 7 * length) - 1 else value  # all ones: not known


def _length(first: bytes) -> int:
    """Of a variable-size integer, in bytes."""
    return 9 - max(1, (first[0] if first else 255).bit_length())
