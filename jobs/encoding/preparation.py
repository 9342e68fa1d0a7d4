"""Preparing a job: all of it where it is short, else a plan of the pieces to make."""

from dataclasses import replace
from pathlib import Path

from jobs.encoding.args import EncodeArgs
from jobs.encoding.cuts import is_long_enough, stretches, why_whole
from jobs.encoding.encoder import Outcome, already_small, begin, compress_whole, largest_worth_having, tried_twice
from jobs.encoding.methods.quality import Found, find_crf
from jobs.encoding.plan import Plan
from jobs.encoding.progress import Report
from jobs.encoding.recipes import Method
from jobs.encoding.session import EncodeSession
from jobs.encoding.trim import trimmed
from jobs.encoding.weight import check_weight


def prepare(args: EncodeArgs, workdir: Path, report: Report) -> Outcome | Plan:
    """An Outcome where it was compressed whole, or is small already; its log says why a long one was not cut.

    Raises like `compress`.
    """
    args = trimmed(args)
    check_weight(args.media, args.megapixels)
    return tried_twice(_prepare, args, workdir, report)


def is_hopeless(plan: Plan, done_bytes: int) -> bool:
    """Whether the pieces that are done are more already than a result may have."""
    return not plan.asked.changes_more and done_bytes >= largest_worth_having(plan.asked, plan.media)


def _prepare(session: EncodeSession) -> Outcome | Plan:
    """The story.

    1. Fit what was asked for to the source.
    2. What is short, or cannot be cut safely, is compressed whole.
    3. Find the quality, and end here where the source is small already.
    """
    asked, changed = session.options, begin(session)
    seconds = session.args.piece_seconds
    if seconds is None or not is_long_enough(session.media, seconds):
        return compress_whole(session, asked, changed)
    why, parts = why_whole(session.options, session.media), stretches(session.media, seconds, session.options.max_fps)
    if why or len(parts) < 2:
        outcome = compress_whole(session, asked, changed)
        why = why or "its key frames are too far apart"
        return replace(outcome, log=f"Not cut into pieces: {why}.\n{outcome.log}")
    found = _found(session)
    if found is None:
        return already_small(session, asked)
    media = session.media
    return Plan(
        asked=asked,
        options=session.options,
        media=replace(media, cuts=()),
        stretches=parts,
        crf=found.crf,
        is_measured=found.is_measured,
        trials=found.trials,
        pace=session.estimator.expected("encode") / (media.duration or 1.0) if found.trials else None,
        notes=tuple(changed),
    )


def _found(session: EncodeSession) -> Found | None:
    if session.options.the_recipe.method is Method.QUALITY:
        return find_crf(session)
    return Found(session.options.video_codec.usual_crf, is_measured=False)
