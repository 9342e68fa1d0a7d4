"""Words that a file carries: of any encoding, of any length. What leaves here is neither."""

import re

LONGEST = 200  # characters; a title of 132 kB was seen, and argv takes no more than 128 kB

PLACES = (
    re.compile(  # a word for it with numbers, as drones write, or two numbers: 60.0123, 24.9384 or +60.0123+024.9384
        r"(?i)\b(gps|lat|lon|long|lng|latitude|longitude)\b[^a-z\n]{0,8}[-+]?\d{1,3}\.\d"
        r"|[-+]?\d{1,2}\.\d{4,}(?:\s*[,;/]\s*[-+]?|\s*[-+]|\s+)\d{1,3}\.\d{4,}"
    )
)


def clean(text: str, longest: int = LONGEST) -> str:
    """A text that PyAV read with `surrogateescape`: UTF-8, or else Latin-1, which old cameras wrote."""
    raw = text.encode("utf-8", "surrogateescape")
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        decoded = raw.decode("latin-1")
    printable = "".join(letter if letter.isprintable() else " " for letter in decoded)
    return " ".join(printable.split())[:longest]


def tells_place(text: str) -> bool:
    return bool(PLACES.search(text))
