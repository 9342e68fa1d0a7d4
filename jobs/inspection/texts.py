"""Words that a file carries: of any encoding, of any length. What leaves here is neither."""

import re

LONGEST = 200  # characters; a title of 132 kB was seen, and argv takes no more than 128 kB

# What drones, cameras and loggers write.
PLACES = re.compile(
    # A word for it, and a number; "long" is said of much else.
    r"(?i)\b(?:gps|latitude|longitude)\b[^a-z\n]{0,8}[-+]?\d{1,3}\.\d"
    r"|\b(?:lat|lon|long|lng)\b[^a-z\n]{0,8}[-+]?\d{1,3}\.\d{3}"
    r"|[-+]?\d{1,2}\.\d{4,}(?:\s*[,;/]\s*[-+]?|\s*[-+]|\s+)\d{1,3}\.\d{4,}"  # 60.0123, 24.9384 or +60.0123+024.9384
    r"|(?-i:\b[NSEW][ \t]?\d{1,3}\.\d{4}|\b\d{1,3}\.\d{4,}[ \t]?°?[ \t]?[NSEW]\b)"  # N60.0123
    r"|\d{1,3}\s?[°\ufffd]\s?\d{1,2}(?:\.\d+)?\s?['′’]\s?(?:\d|[NSEW]\b)"  # 60°10'11.6"N, also in Latin-1
    r"|\$G[A-Z](?:RMC|GGA|GLL|GNS),"  # NMEA 0183
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
