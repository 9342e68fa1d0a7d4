"""The verbs that change a job: the only writer of `Job.state`.

Each verb is one conditional UPDATE (`WHERE id AND state IN sources AND …`). The row count says who won: the
loser of a race gets None and must change nothing more. A worker's verbs name its attempt, which is the fence
against one that was given up.
"""

from jobs.lifecycle.choices import choose, lapse, offer
from jobs.lifecycle.client import accept, adopt, announce, finish_upload, note_upload, retry
from jobs.lifecycle.duty import (
    clear_suspicions,
    extend_retention,
    pause_all,
    presume_lost,
    rescue,
    set_priority,
    suspect,
)
from jobs.lifecycle.losses import hand_back_piece, rescue_piece
from jobs.lifecycle.pieces import cut, finish_piece, make_whole, report_piece, start_assembly, start_piece
from jobs.lifecycle.removal import (
    abandon,
    cancel,
    clear_up_after,
    delete,
    delete_source_alone,
    expire,
    forget_failure,
    purge,
)
from jobs.lifecycle.sources import ask_for_share, delete_source, make_room
from jobs.lifecycle.turns import hold, put_first, put_last, release
from jobs.lifecycle.worker import complete, describe, fail, hand_back, publish, report, start

__all__ = [
    "abandon",
    "accept",
    "adopt",
    "announce",
    "ask_for_share",
    "cancel",
    "choose",
    "clear_suspicions",
    "clear_up_after",
    "complete",
    "cut",
    "delete",
    "delete_source",
    "delete_source_alone",
    "describe",
    "expire",
    "extend_retention",
    "fail",
    "finish_piece",
    "finish_upload",
    "forget_failure",
    "hand_back",
    "hand_back_piece",
    "hold",
    "lapse",
    "make_room",
    "make_whole",
    "note_upload",
    "offer",
    "pause_all",
    "presume_lost",
    "publish",
    "purge",
    "put_first",
    "put_last",
    "release",
    "report",
    "report_piece",
    "rescue",
    "rescue_piece",
    "retry",
    "set_priority",
    "start",
    "start_assembly",
    "start_piece",
    "suspect",
]
