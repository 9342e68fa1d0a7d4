"""The states of a job and of its pieces, and the moves between them. Nothing else decides what may follow what."""

from enum import StrEnum


class State(StrEnum):
    UPLOADING = "uploading"  # the row exists, its bytes are still coming in
    QUEUED = "queued"  # complete source, waits for a worker
    RUNNING = "running"  # a worker holds the lease
    COMPLETED = "completed"  # the result can be fetched until it expires
    FAILED = "failed"  # ended with an error; may be retried while its source is there, if that can help
    CANCELED = "canceled"  # its owner gave it up; files are gone
    EXPIRED = "expired"  # completed once; the result is deleted, the row is a tombstone

    @property
    def is_final(self) -> bool:
        return self in FINAL


class PieceState(StrEnum):
    WAITING = "waiting"  # for a worker that takes it
    RUNNING = "running"  # a worker holds its lease
    DONE = "done"  # its file is in place, and is never made again


TRANSITIONS: dict[State, frozenset[State]] = {
    State.UPLOADING: frozenset({State.QUEUED, State.FAILED, State.CANCELED}),
    State.QUEUED: frozenset({State.RUNNING, State.FAILED, State.CANCELED}),
    State.RUNNING: frozenset({State.QUEUED, State.COMPLETED, State.FAILED, State.CANCELED}),
    State.COMPLETED: frozenset({State.EXPIRED}),
    State.FAILED: frozenset({State.QUEUED}),
    State.CANCELED: frozenset({State.QUEUED}),
    State.EXPIRED: frozenset(),
}

FINAL = frozenset({State.COMPLETED, State.FAILED, State.CANCELED, State.EXPIRED})
LIVE = frozenset(State) - FINAL


def sources_of(target: State) -> list[State]:
    """The states from which `target` may be entered."""
    return [source for source, targets in TRANSITIONS.items() if target in targets]
