"""What a file may take before anything of it is known: an index that is out of proportion is a bomb."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ANYWAY = 256 * 1024**2  # bytes; to see what streams there are, some pictures are decoded
OWN_SIZE = Path("/proc/self/statm")
PER_BYTE = 50  # of the file; a sample of 4 bytes has an entry of 40 in the index


@contextmanager
def memory_for_opening(size: int) -> Iterator[None]:
    """Within it, what is asked for beyond the limit is refused with a MemoryError. `size` is the file's, in bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(OWN_SIZE.read_text().split()[0]) * resource.getpagesize()
    limit = used + ANYWAY + PER_BYTE * size
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
