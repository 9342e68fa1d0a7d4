"""What a file's own structure tells: whether all bytes are there that it announces, and whether it is in fragments."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MATROSKA, SEGMENT, CLUSTER = b"\x1aE\xdf\xa3", b"\x18S\x80g", b"\x1fC\xb6u"  # RFC 9559 section 5.1
FILLERS = {b"\xec", b"\xbf"}  # Void, and a checksum
# What begins a fragment, a page, or a cluster; in an index, two bytes and a length come before that one's name.
OF_FRAGMENTS, OF_PAGES = re.compile(rb"moof"), re.compile(rb"OggS\x00")
OF_CLUSTERS = re.compile(rb"(?<!S\xab\x84)" + re.escape(CLUSTER))
# What an AVI or an ASF (sections 6.1 and 6.2) has behind all else.
INDEX = re.compile(
    rb"idx1|"
    + re.escape(bytes.fromhex("90080033b1e5cf1189f400a0c90349cb"))
    + rb"|"
    + re.escape(bytes.fromhex("d329e2d6da35d111903400a0c90349be"))
)
LONGEST_MARK = 16  # bytes
TAIL = 4096  # bytes; what begins within is empty
CHUNK = 1024**2
HEADER = 65536  # bytes, of which those that tell something are at the beginning
RIFF, FLV, ASF = {b"RIFF", b"RIFX"}, b"FLV\x01", b"\x30\x26\xb2\x75"  # four bytes each
ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
FLV_SIZE = re.compile(rb"\x00\x08filesize\x00(.{8})", re.DOTALL)
LARGEST = 2.0**53  # bytes; beyond, a number of AMF is not exact
MP4 = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"moof", b"sidx"}


def share_there(path: Path, *, is_short: bool) -> float:
    """From 0 to 1; 1 where all is there, or where the format does not announce its size.

    `is_short`: what was read is shorter than the file says. Of a copy, FLV and ASF may tell the size of the original.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        announced = size
        if head[:4] in RIFF:
            announced = max(_riff_chunks(file, size), default=0)
        elif head[:4] == MATROSKA:
            announced = (_segment(file) or (0, size))[1]
        elif head[:4] == ASF and is_short:
            announced = _asf_size(file) or size
        elif head[:4] == FLV and is_short:
            announced = _flv_size(file) or size
        elif head[4:8] in MP4:
            announced = max((end for _, end in _boxes(file, size)), default=0)
    return min(1.0, size / max(announced, 1))


def is_fragmented(path: Path) -> bool:
    """ISO 14496-12 section 8.8: an MP4 that was written as it came, as streams and browsers' recordings are."""
    return any(kind == b"moof" for kind in _kinds(path))


def goes_on(path: Path, reached: int, *, is_short: bool) -> bool:
    """Whether there is more after what could be read: a demuxer that finds no way to it ends as if all were well.

    `is_short`: what was read is shorter than the file says.
    """
    end = path.stat().st_size - TAIL
    with path.open("rb") as file:
        match file.read(4):
            case b"OggS":
                mark = OF_PAGES
            case head if head == MATROSKA:
                clusters = list(_clusters(file))
                if None not in clusters:
                    return max(filter(None, clusters), default=0) - TAIL > reached
                mark = OF_CLUSTERS
            case head if head in {*RIFF, FLV, ASF}:
                return is_short and end > reached and not _holds(file, INDEX, reached, end)
            case _ if is_fragmented(path):
                mark = OF_FRAGMENTS
            case _:
                return False
        return _holds(file, mark, reached, end)


def _holds(file: BinaryIO, mark: re.Pattern[bytes], start: int, end: int) -> bool:
    before = b""
    file.seek(start)
    while (left := end - file.tell()) > 0:
        read = before + file.read(min(left, CHUNK))
        if mark.search(read):
            return True
        before = read[-LONGEST_MARK:]
    return False


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


def _asf_size(file: BinaryIO) -> int:
    """Of its file properties (ASF specification 1.20.03, section 3.2); 0 where nobody knew when they were written."""
    file.seek(0)
    head = file.read(HEADER)
    at = head.find(ASF_PROPERTIES)
    is_live = at < 0 or len(head) < at + 92 or head[at + 88] & 1
    return 0 if is_live else int.from_bytes(head[at + 40 : at + 48], "little")


def _flv_size(file: BinaryIO) -> int:
    """As recorders write it into `onMetaData`, as an AMF number."""
    file.seek(0)
    found = FLV_SIZE.search(file.read(HEADER))
    size = struct.unpack(">d", found[1])[0] if found else 0.0
    return int(size) if 0 < size < LARGEST else 0


def _riff_chunks(file: BinaryIO, size: int) -> Iterator[int]:
    """An AVI above 1 GB is several RIFFs, one after the other (OpenDML)."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:8], "little")
        if head[:4] not in RIFF or length in {0, 0xFFFFFFFF}:
            return
        at += 8 + length + length % 2
        yield at - length % 2


def _segment(file: BinaryIO) -> tuple[int, int] | None:
    """RFC 8794: the header is an element, and the segment the next. Where that begins and ends; None if unknown."""
    file.seek(0)
    header = _element(file)
    if header is None or header[2] is None:
        return None
    file.seek(header[2])
    segment = _element(file)
    if segment is None or segment[0] != SEGMENT or segment[2] is None:
        return None
    return segment[1], segment[2]


def _clusters(file: BinaryIO) -> Iterator[int | None]:
    """Where those end, one after the other; None for all further ones where a stream does not say how long they are.

    The names of their neighbours have four bytes, or are those of fillers; of what is anything else, nobody knows
    what it was.
    """
    at, end = _segment(file) or (0, None)
    if end is None:
        yield None
        return
    while at < end:
        file.seek(at)
        found = _element(file)
        if found is None:
            return
        name, _, ends = found
        if ends is None and name == CLUSTER:
            yield None
            return
        if ends is None or not (len(name) == 4 or name in FILLERS):
            yield end
            return
        if name == CLUSTER:
            yield ends
        at = ends


def _element(file: BinaryIO) -> tuple[bytes, int, int | None] | None:
    """Its name, and where its content begins and ends; None at the end of the file."""
    name = _element_id(file)
    size = _element_size(file)
    begins = file.tell()
    return (name, begins, None if size is None else begins + size) if name else None


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
