"""What `POST /estimates` answers: each video for itself, all together, and how long they would wait."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from jobs import estimates, schedule
from jobs.api.schemas import EstimateInfo, Estimates, Wait
from jobs.encoding import Estimate, Options
from jobs.encoding.estimate import UNKNOWN
from jobs.models import Owner
from jobs.templatetags.presentation import says_when


def answer(owner: Owner, options: Options, videos: list[Mapping[str, Any]]) -> Estimates:
    """Nothing is kept."""
    said = estimates.estimates(options, videos)
    return {**_document(_together(said)), **_wait(owner), "videos": [_document(each) for each in said]}


def _together(said: Sequence[Estimate]) -> Estimate:
    """The sum; as many are made at a time as there are workers. Where one is not known, neither is the sum."""
    if reason := next((each.reason for each in said if each.reason), None):
        return Estimate(reason=reason)
    at_a_time = min(len(said), max(1, schedule.live_workers()))
    low_bytes, high_bytes = map(sum, zip(*(each.bytes or (0, 0) for each in said), strict=True))
    low, high = map(sum, zip(*(each.seconds or (0, 0) for each in said), strict=True))
    return Estimate(
        bytes=(low_bytes, high_bytes),
        seconds=(low // at_a_time, -(-high // at_a_time)),
        is_probably_small=all(each.is_probably_small for each in said),
        from_jobs=min(each.from_jobs for each in said),
    )


def _document(said: Estimate) -> EstimateInfo:
    return {
        "bytes": list(said.bytes) if said.bytes else None,
        "seconds": list(said.seconds) if said.seconds else None,
        "is_probably_small": said.is_probably_small,
        "from_jobs": said.from_jobs,
        "reason": said.reason,
        "detail": UNKNOWN[said.reason] if said.reason else None,
    }


def _wait(owner: Owner) -> Wait:
    """How long until the first of them would begin; null while nobody knows when anything will."""
    still = schedule.stillness()
    if still and still.until is None:
        reason = "no_worker" if still.no_worker else "paused"
        return {"wait_seconds": None, "wait_reason": reason, "wait_detail": says_when(still)}
    until_open = (still.until - timezone.now()).total_seconds() if still and still.until else 0.0
    seconds = round(max(0.0, until_open) + schedule.wait_of_newcomer(owner))
    return {"wait_seconds": seconds, "wait_reason": None, "wait_detail": None}
