"""The verbs that change a job: the only writer of `Job.state`.

Each verb is one conditional UPDATE (`WHERE id AND state IN sources AND …`). The row count says who won: the
loser of a race gets None and must change nothing more. A worker's verbs name its attempt, which is the fence
against one that was given up.
"""

from jobs.lifecycle.client import accept, announce, finish_upload, note_upload, retry
from jobs.lifecycle.duty import clear_suspicions, extend_retention, rescue, suspect
from jobs.lifecycle.removal import abandon, cancel, delete, expire, forget_failure, purge
from jobs.lifecycle.worker import complete, describe, fail, hand_back, publish, report, start

__all__ = [
    "abandon",
    "accept",
    "announce",
    "cancel",
    "clear_suspicions",
    "complete",
    "delete",
    "describe",
    "expire",
    "extend_retention",
    "fail",
    "finish_upload",
    "forget_failure",
    "hand_back",
    "note_upload",
    "publish",
    "purge",
    "report",
    "rescue",
    "retry",
    "start",
    "suspect",
]
