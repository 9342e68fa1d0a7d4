"""The names of chapters, as a file in ffmpeg's own metadata format."""

import re
from collections.abc import Sequence
from pathlib import Path

from jobs.encoding.streams import Chapter

SPECIAL = re.compile(r"([=;#\\\n])")


def write_chapters(path: Path, chapters: Sequence[Chapter]) -> Path:
    lines = [";FFMETADATA1"]
    for chapter in chapters:
        lines += ["[CHAPTER]", "TIMEBASE=1/1000000", f"START={_micro(chapter.start)}", f"END={_micro(chapter.end)}"]
        lines.append("title=" + SPECIAL.sub(r"\\\1", chapter.title))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _micro(seconds: float) -> int:
    return round(seconds * 1_000_000)
