"""Whose fault it is that a child failed. The video's only where nothing of ours explains it."""

from pathlib import Path

READ_AT_ONCE = 1024 * 1024  # bytes
IO_WORDS = "Input/output error"


def see_that_it_reads(source: Path, said: str) -> None:
    """Raises OSError where the source is gone, or its disk fails: then nobody else is to blame.

    ffmpeg has the words of a failing disk for other troubles too. So where they fell in what it `said`, the disk is
    asked, to the end of the source.
    """
    with source.open("rb") as file:
        while file.read(READ_AT_ONCE) and IO_WORDS in said:
            pass
