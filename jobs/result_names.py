"""What a result is called where it is saved: after its source, and never like another of its batch."""

import string
from dataclasses import dataclass, field

from jobs.labels import take_free

FIELDS = {"name", "recipe"}  # that a template may have
MOST_BYTES = 255  # of a name, in the file systems that people use
FORBIDDEN = set('/\\:*?"<>|')  # to one of them or another
LONGEST_EXTENSION = 5
EXTENSIONS = {  # of originals that have none, by ffmpeg's name of the container
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4", "matroska,webm": "mkv", "avi": "avi", "mpegts": "ts", "mpeg": "mpg",
    "flv": "flv", "ogg": "ogv", "asf": "wmv", "gif": "gif", "webp": "webp",
}  # fmt: skip


def check_template(template: str) -> None:
    """Raises ValueError saying what is wrong with it."""
    try:
        fields = [field for _, field, _, _ in string.Formatter().parse(template) if field is not None]
    except ValueError:  # a brace too many
        fields = ["?"]
    if not FIELDS.issuperset(fields):
        raise ValueError("must be a name such as {name}-small; it may hold {name} and {recipe}, and no other braces.")
    if "name" not in fields:
        raise ValueError("must hold {name}, or all results would be called the same.")
    if FORBIDDEN & set(template) or not template.isprintable() or len(template) > MOST_BYTES // 4:
        raise ValueError("must be short, and without what some file systems do not take: / \\ : * ? < > | and quotes.")


@dataclass
class ResultNames:
    """Of results that belong together: none is called like one that came before it.

    `holiday.mov` and `holiday.mp4` are both compressed to `holiday-small.mp4`, and so is `holiday.mov` with another
    recipe: the later ones are numbered.
    """

    template: str
    extension: str  # "" for none
    _taken: set[str] = field(default_factory=set)

    def pass_over(self, source: str, recipe: str) -> None:
        """One that came before: whether it is compressed or handed back, it has its name already."""
        self.compressed(source, recipe)
        self.original(source)

    def compressed(self, source: str, recipe: str) -> str:
        """`{name}-small` makes `holiday.mov` into `holiday-small.mp4`; a name that is too long is cut before that."""
        stem = _stem(source)
        return take_free(lambda number: self._fitting(stem, recipe, f"{number}.{self.extension}"), self._taken)

    def original(self, source: str) -> str:
        """Of a source that is its own result: as it was, but never without an extension if its kind is known."""
        stem = _stem(source)
        extension = source.removeprefix(stem) or (self.extension and f".{self.extension}")
        return take_free(lambda number: f"{stem}{number}{extension}", self._taken)

    def _fitting(self, stem: str, recipe: str, ending: str) -> str:
        while len((called := self.template.format(name=stem, recipe=recipe) + ending).encode()) > MOST_BYTES and stem:
            stem = stem[:-1]
        return called


def extension_of(container: str) -> str:
    """Of an original that has none; "" where nobody knows."""
    return EXTENSIONS.get(container, "")


def _stem(name: str) -> str:
    """Without its extension; what follows the last dot and is long, or has spaces in it, is none."""
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and extension.isalnum() and len(extension) <= LONGEST_EXTENSION else name
