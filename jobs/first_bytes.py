"""What surely is no video, by how it begins: told at once, and not after 40 GB have travelled.

Only what no container or stream of ours begins with is listed. Anything else is looked at when all of it is here.
"""

from jobs import errors

NO_VIDEOS = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"\xfd7zXZ\x00": "an XZ archive",
    b"BZh": "a bzip2 archive",
    b"\x1f\x8b\x08": "a gzip archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an office document",
    b"{\\rtf": "a document",
    b"SQLite f": "a database",
    b"<!DOCTYP": "a web page",
    b"<!doctyp": "a web page",
    b"<html": "a web page",
}


def check(beginning: bytes) -> None:
    """Raises NotAVideo."""
    for known, what in NO_VIDEOS.items():
        if beginning.startswith(known):
            raise errors.NotAVideo(f"It is {what}. Check which file you chose.")
