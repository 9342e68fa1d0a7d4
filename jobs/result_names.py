"""What a result is called where it is saved: a function of what its source is called."""

import string

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


def result_name(template: str, source: str, recipe: str, extension: str) -> str:
    """`{name}-small` makes `holiday.mov` into `holiday-small.mp4`; a name that is too long is cut before that."""
    name, ending = _stem(source), f".{extension}"
    while len((called := template.format(name=name, recipe=recipe) + ending).encode()) > MOST_BYTES and name:
        name = name[:-1]
    return called


def original_name(source: str, container: str) -> str:
    """Of a source that is its own result: as it was, but never without an extension if its kind is known."""
    extension = EXTENSIONS.get(container)
    return f"{source}.{extension}" if extension and _stem(source) == source else source


def _stem(name: str) -> str:
    """Without its extension; what follows the last dot and is long, or has spaces in it, is none."""
    stem, dot, extension = name.rpartition(".")
    return stem if dot and stem and extension.isalnum() and len(extension) <= LONGEST_EXTENSION else name
