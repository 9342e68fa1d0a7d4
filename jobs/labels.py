"""Names that strangers gave, made into labels: nothing of them is ever a path on this machine.

A label may become a path on somebody else's: in an archive that is unpacked there. So what is put into one is fit for
Windows as well, which is the strictest.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import chain, count

LONGEST_FOLDER = 255  # characters, as the row has room for
LONGEST_NAME = 100  # characters of one name in an archive,
MOST_BYTES = 240  # and bytes: a name in any script fits into the 255 that Linux allows, and a number after it
LONGEST_PATH = 200  # of a whole one, so that with a folder to unpack it in it stays below Windows' 260

FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)


def clean(name: str) -> str:
    """Without control characters and what else cannot be seen, such as marks that turn the direction of writing."""
    return "".join(c for c in name if c.isprintable()).strip()


def clean_folder(path: str) -> str:
    """`C:\\Films\\..\\2026/` becomes `C:/Films/2026`: labels between slashes, as many as there is room for."""
    kept = ""
    for label in filter(None, map(clean, re.split(r"[/\\]", path))):
        longer = f"{kept}/{label}" if kept else label
        if label.strip(".") and len(longer) <= LONGEST_FOLDER:
            kept = longer
    return kept


def portable(name: str) -> str:
    """One name, as any system can keep it."""
    name = FORBIDDEN.sub("_", unicodedata.normalize("NFC", clean(name))).rstrip(". ") or "_"
    name = f"_{name}" if DEVICES.match(name) else name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > LONGEST_NAME // 4:
        stem, dot, extension = name, "", ""
    return _cut(stem, dot + extension).rstrip(". ") + dot + extension


def _cut(stem: str, ending: str) -> str:
    short = stem[: LONGEST_NAME - len(ending)].encode()[: MOST_BYTES - len(ending.encode())]
    return short.decode(errors="ignore")


class PortablePaths:
    """Gives out paths of an archive, none of them twice: not even to a system that takes `A` and `a` for the same."""

    def __init__(self, folders: Iterable[str], reserved: Iterable[str] = ()):
        """`folders`: all that there will be, whose names no file may take; `reserved`: paths that are taken."""
        self._folders = {folder: _portable_folder(folder) for folder in folders}
        self._taken = {_key(path) for path in reserved}
        for folder in self._folders.values():
            labels = folder.split("/")
            self._taken |= {_key("/".join(labels[:count])) for count in range(1, len(labels) + 1)}

    def take(self, folder: str, name: str) -> str:
        """A path that nothing else has; `film.mp4` may become `film (2).mp4`."""
        folder, name = self._folders[folder], portable(name)
        stem, dot, extension = name.rpartition(".")
        if not stem:
            stem, dot, extension = name, "", ""
        return take_free(lambda number: _join(folder, f"{stem}{number}{dot}{extension}"), self._taken)


def take_free(name: Callable[[str], str], taken: set[str]) -> str:
    """The first of `film.mp4`, `film (2).mp4` and so on that is not `taken`, and is from now on.

    `name` gets what stands before the extension.
    """
    numbers = chain([""], (f" ({number})" for number in count(2)))
    free = next(called for called in map(name, numbers) if _key(called) not in taken)
    taken.add(_key(free))
    return free


def _portable_folder(folder: str) -> str:
    """The outer labels, as far as the path leaves room for a name."""
    kept = ""
    for label in filter(None, folder.split("/")):
        longer = _join(kept, portable(label))
        if len(longer) + 1 + LONGEST_NAME > LONGEST_PATH:
            break
        kept = longer
    return kept


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
