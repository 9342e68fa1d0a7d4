"""Words that a file carries: of any encoding, of any length. What leaves here is neither."""

LONGEST = 200  # characters; a title of 132 kB was seen, and argv takes no more than 128 kB


def clean(text: str, longest: int = LONGEST) -> str:
    """A text that PyAV read with `surrogateescape`: UTF-8, or else Latin-1, which old cameras wrote."""
    raw = text.encode("utf-8", "surrogateescape")
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        decoded = raw.decode("latin-1")
    printable = "".join(letter if letter.isprintable() else " " for letter in decoded)
    return " ".join(printable.split())[:longest]
