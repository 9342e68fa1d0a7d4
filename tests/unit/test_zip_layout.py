"""A ZIP that is sent without ever being written: read by others, and the same in any part."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from asgiref.sync import async_to_sync

from jobs.zip_layout import ContentGone, Member, ZipLayout

NOON = datetime(2024, 5, 6, 12, 34, 56, tzinfo=UTC)
HUGE = 5 * 10**9


def member(path, content=b"0123456789", modified=NOON):
    return Member(
        path, modified, len(content), zlib.crc32(content), lambda start, length: _pieces(content, start, length)
    )


async def _pieces(content, start, length):
    for begins in range(start, start + length, 3):
        yield content[begins : min(begins + 3, start + length)]


async def _zeros(start, length):
    while length:
        piece = bytes(min(length, 1_000_000))
        length -= len(piece)
        yield piece


def read(layout, start=0, length=None):
    async def gather():
        return b"".join([piece async for piece in layout.chunks(start, layout.size if length is None else length)])

    return async_to_sync(gather)()


def test_it_is_an_archive_with_names_bytes_and_times():
    layout = ZipLayout([member("Ferien ä/海.mp4"), member("plain.mp4", b"")])
    whole = read(layout)
    assert len(whole) == layout.size
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["Ferien ä/海.mp4", "plain.mp4"]
        assert archive.read("Ferien ä/海.mp4") == b"0123456789"
        info = archive.infolist()[0]
    assert info.compress_type == zipfile.ZIP_STORED
    assert info.date_time == (2024, 5, 6, 12, 34, 56)
    assert info.extra == struct.pack("<HHBl", 0x5455, 5, 1, int(NOON.timestamp()))
    assert not info.flag_bits & 0x08  # sizes stand in front, where a reader that cannot go back finds them


def test_any_part_is_the_same_part_of_the_same_bytes():
    layout = ZipLayout([member("a"), member("b")])
    whole = read(layout)
    for start in range(layout.size):
        assert read(layout, start, 7) == whole[start : start + 7]


def test_what_lies_before_a_part_is_not_read():
    asked = []

    def noted(start, length):
        asked.append((start, length))
        return _pieces(b"0123456789", start, length)

    first = Member("first", NOON, 10, zlib.crc32(b"0123456789"), noted)
    layout = ZipLayout([first, member("second")])
    read(layout, len("first") + 30 + 9 + 4, 3)
    assert asked == [(4, 3)]
    read(layout, layout.size - 5, 5)
    assert asked == [(4, 3)]


def test_beyond_four_gigabytes_it_is_zip64():
    layout = ZipLayout([Member("huge", NOON, HUGE, 0, _zeros), member("after")])
    assert layout.size > HUGE
    with zipfile.ZipFile(_Sparse(layout)) as archive:
        assert [(info.filename, info.file_size) for info in archive.infolist()] == [("huge", HUGE), ("after", 10)]
        assert archive.read("after") == b"0123456789"


class _Sparse(io.RawIOBase):
    """The archive as a file, of which a part is made when it is asked for."""

    def __init__(self, layout):
        self.layout, self.at = layout, 0

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        self.at = offset + {0: 0, 1: self.at, 2: self.layout.size}[whence]
        return self.at

    def tell(self):
        return self.at

    def read(self, size=-1):
        piece = read(self.layout, self.at, self.layout.size - self.at if size < 0 else size)
        self.at += len(piece)
        return piece


def test_more_than_65535_files_fit():
    layout = ZipLayout(member(f"{number}", b"") for number in range(65_600))
    with zipfile.ZipFile(_Sparse(layout)) as archive:
        assert len(archive.namelist()) == 65_600


def test_another_file_or_time_is_another_digest():
    digests = {
        ZipLayout([member("a")]).digest,
        ZipLayout([member("b")]).digest,
        ZipLayout([member("a", b"987654321x")]).digest,
        ZipLayout([member("a", modified=NOON.replace(hour=3))]).digest,
    }
    assert len(digests) == 4
    assert ZipLayout([member("a")]).digest in digests


@pytest.mark.parametrize("year", [1970, 1979, 2040, 2108, 2500])
def test_a_time_that_zip_cannot_say_does_no_harm(year):
    whole = read(ZipLayout([member("a", modified=NOON.replace(year=year))]))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.read("a") == b"0123456789"


@pytest.mark.parametrize("content", [b"", b"01234"])
def test_a_file_that_is_shorter_than_it_was_breaks_the_archive_off(content):
    gone = Member("a", NOON, 10, 0, lambda start, length: _pieces(content, start, max(0, len(content) - start)))
    with pytest.raises(ContentGone):
        read(ZipLayout([gone]))


def test_a_file_that_went_away_breaks_the_archive_off():
    async def gone(start, length):
        raise FileNotFoundError
        yield

    with pytest.raises(ContentGone):
        read(ZipLayout([Member("a", NOON, 10, 0, gone)]))


@pytest.mark.skipif(not shutil.which("unzip"), reason="unzip is not installed")
def test_another_program_reads_it_too(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(read(ZipLayout([member("Ferien ä/海.mp4"), member("b.mp4")])))
    told = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
