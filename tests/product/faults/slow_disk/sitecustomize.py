"""A disk that takes its time, as one does that others wear out. Python imports this by itself from `PYTHONPATH`."""

import os
import time
from typing import Any

SECONDS = float(os.environ.get("SLOW_DISK", "0"))


def slowly(work: Any) -> Any:
    def later(*args: Any, **options: Any) -> Any:
        time.sleep(SECONDS)
        return work(*args, **options)

    return later


for name in ("fsync", "rename", "unlink"):
    setattr(os, name, slowly(getattr(os, name)))
