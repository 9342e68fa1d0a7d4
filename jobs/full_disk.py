"""By which errors the system says that a disk, or somebody's share of it, is full."""

import errno

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
