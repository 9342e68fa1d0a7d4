"""How much memory a job may use, what an encode of a picture of some size needs, and how many threads fit into it."""

import os
from pathlib import Path
from typing import Any

from jobs import errors
from jobs.encoding.codecs import Codec
from jobs.encoding.media import MediaInfo

SHARE = 0.8  # of the machine's, for all workers together
CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Bytes per pixel of the result at 1, 2 and more threads, measured with testsrc2 at 1080p, 4K and 8K (64 to 80 frames).
NEEDS = {"libx264": (250, 250, 300), "libx265": (380, 380, 380), "libsvtav1": (380, 560, 960)}
STEPS = (1, 2, 6)  # threads
# On top, while measuring: pictures wait there until the encoder has made theirs (1080p, 150 frames).
MEASURING = {"libx264": 200, "libx265": 410, "libsvtav1": 410}


def memory_share(workers: int = 1) -> int:
    """Bytes for one job, where so many run at a time."""
    return int(SHARE * machine_memory() / workers)


def machine_memory() -> int:
    """Bytes: of the machine, or of the container that this runs in."""
    whole = PAGE * os.sysconf("SC_PHYS_PAGES")
    return min([whole, *filter(None, map(_limit, CGROUP_LIMITS))])


def memory_of(pid: int) -> int:
    """Bytes that a process has in memory now; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _limit(path: str) -> int:
    try:
        said = Path(path).read_text().strip()
    except OSError:
        return 0
    return int(said) if said.isdigit() else 0


def can_measure_within(codec: Codec, media: MediaInfo, height: int, budget: int) -> bool:
    """Whether `budget` bytes are enough to measure while encoding."""
    return (NEEDS[codec.encoder][0] + MEASURING[codec.encoder]) * media.pixels_at(height) <= budget


def processors() -> int:
    """That this process may use."""
    return len(os.sched_getaffinity(0))


def threads_that_fit(
    codec: Codec, pixels: float, budget: int, *, most: int | None = None, measured: bool = False
) -> dict[str, Any]:
    """Options that keep an encoder to `most` threads, and to fewer where they would need more than `budget` bytes.

    `pixels` are those of one picture.

    Raises SourceTooDemanding where even one thread needs more.
    """
    beside = MEASURING[codec.encoder] if measured else 0
    wanted = [(needs + beside) * pixels for needs in NEEDS[codec.encoder]]
    if wanted[0] > budget:
        raise errors.SourceTooDemanding(
            f"Compressing it needs about {wanted[0] / 1e9:.0f} GB of memory, and this server gives "
            f"{budget / 1e9:.0f} GB to a job. Ask for a smaller picture (a largest height), or use another recipe."
        )
    fitting = max(threads for threads, needed in zip(STEPS, wanted, strict=True) if needed <= budget)
    enough = min(most or processors(), processors())
    threads = enough if fitting == STEPS[-1] else min(enough, fitting)
    if codec.encoder == "libsvtav1":
        return {"svtav1-params": f"lp={min(threads, STEPS[-1])}"}
    return _told(codec, threads) if most or threads < processors() else {}


def _told(codec: Codec, threads: int) -> dict[str, Any]:
    if codec.encoder == "libx265":  # works with a pool; what ffmpeg calls its threads are pictures in hand
        return {"x265-params": f"pools={threads}", "threads": 1 + threads // 4}
    return {"threads": threads}
