"""What a worker does that holds a job: the story of one attempt, told in the order in which it happens."""

import logging
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings

from jobs import encoding, errors, lifecycle, pace, queue
from jobs.encoding import PAUSED, EncodeArgs, MediaInfo, Plan, Progress
from jobs.endings import Held, see_through
from jobs.lease import Lease
from jobs.models import Job
from jobs.storage import storage

logger = logging.getLogger(__name__)

NEARLY_THERE = 10.0  # seconds


def compress(job: Job) -> None:
    """From a job that was just taken to its end, or to its pieces.

    1. What was cut into pieces before, goes on from there.
    2. Inspect it, and prepare: a short video is compressed in the same go, verified and published.
    3. A long one is cut into pieces, each of them a turn for whoever is free; the last one to finish joins them.
    """
    with Lease(lambda progress: lifecycle.report(job, progress), queue.shutdown_requested) as lease:
        see_through(_Whole(job, lease), lambda: _compress(job, lease))


def assemble(job: Job) -> None:
    """From a job whose pieces are all there to its end."""
    with Lease(lambda progress: lifecycle.report(job, progress), queue.shutdown_requested) as lease:
        see_through(_Whole(job, lease), lambda: _assemble(job, lease))


class _Whole(Held):
    """A job that is held as a whole."""

    def __init__(self, job: Job, lease: Lease):
        self.job, self.lease, self.label = job, lease, f"Job {job.id}"

    def fail(self, failure: errors.JobFailure) -> Any:
        return self.lease.write(lambda: lifecycle.fail(self.job, failure))

    def hand_back(self) -> Any:
        return self.lease.write(lambda: lifecycle.hand_back(self.job))


def _compress(job: Job, lease: Lease) -> None:
    if plan := read_plan(job):
        if lease.write(lambda: lifecycle.cut(job, plan)):
            return
        raise errors.Stopped
    report = reporter(lease)
    with storage.local_source(job.id) as source:
        part = encoding.Options.from_dict(job.options).part
        media = encoding.inspect(source, lambda: report(Progress("inspect")), settings.NICE, part)
        if not lease.write(lambda: lifecycle.describe(job, media)):
            raise errors.Stopped
        args = replace(
            encode_args(job, source, media),
            piece_seconds=_piece_seconds(job),
            is_hurried=0 < job.losses >= settings.MAX_LOSSES - 1,
        )
        with storage.scratch(job.id, job.attempt) as workdir:
            if _is_to_be_chosen(job) and (offers := encoding.make_offers(args, workdir, report)):
                _offer(job, lease, offers)
                return
            prepared = encoding.prepare(args, workdir, report)
            if not isinstance(prepared, Plan):
                _complete(job, lease, _with_reason(job, prepared))
                return
    if not lease.write(lambda: lifecycle.cut(job, prepared)):
        raise errors.Stopped


def _is_to_be_chosen(job: Job) -> bool:
    return "try_first" in job.options and job.choices is None


def _offer(job: Job, lease: Lease, offers: encoding.Offers) -> None:
    """Within the scratch space that holds the pictures; then it is nobody's, until somebody has chosen."""
    storage.publish_offers(job.id, job.attempt, offers.files())
    if not lease.write(lambda: lifecycle.offer(job, offers)):
        storage.withdraw_offers(job.id, job.attempt)
        raise errors.Stopped


def _assemble(job: Job, lease: Lease) -> None:
    plan = read_plan(job)
    assert plan is not None, "only what was cut is assembled"  # noqa: S101
    pieces = list(job.pieces.done())
    report = reporter(lease, _after_pieces(job, len(pieces)))
    with (
        storage.local_source(job.id) as source,
        storage.local_pieces(job.id, [(piece.number, piece.attempt) for piece in pieces]) as folders,
        storage.scratch(job.id, job.attempt) as workdir,
    ):
        made = [
            encoding.Piece(folder, piece.frames or 0, piece.vmaf, piece.facts or {})
            for folder, piece in zip(folders, pieces, strict=True)
        ]
        try:
            outcome = encoding.assemble(encode_args(job, source, plan.media), plan, made, workdir, report)
        except (encoding.CannotCut, errors.ResultInvalid) as failure:
            reason = f"The pieces did not fit together: {failure}"
            logger.warning("Job %s is compressed whole: %s", job.id, reason)
            lease.write(lambda: lifecycle.make_whole(job, reason))
            return
        _complete(job, lease, outcome)


def _complete(job: Job, lease: Lease, outcome: encoding.Outcome) -> None:
    """Within the scratch space that holds the result."""
    result = lifecycle.publish(job, outcome)
    lease.write(lambda: lifecycle.complete(job, outcome, result))


def read_plan(job: Job) -> Plan | None:
    cut = (job.plan or {}).get("cut")
    return Plan.from_dict(cut) if cut else None


def _piece_seconds(job: Job) -> float | None:
    return None if "whole" in (job.plan or {}) else settings.PIECE_SECONDS


def _with_reason(job: Job, outcome: encoding.Outcome) -> encoding.Outcome:
    """Why it was not cut, for operators."""
    reason = (job.plan or {}).get("whole")
    return replace(outcome, log=f"Compressed whole: {reason}\n{outcome.log}") if reason else outcome


def encode_args(job: Job, source: Path, media: MediaInfo) -> EncodeArgs:
    return EncodeArgs(
        _options(job),
        media,
        source,
        settings.MEMORY_BYTES or encoding.memory_share(settings.WORKERS),
        cpu_seconds=settings.JOB_TIMEOUT * (os.cpu_count() or 1),
        megapixels=settings.MAX_MEGAPIXELS,
        stall_seconds=settings.STALL_SECONDS,
        nice=settings.NICE,
        threads=settings.THREADS or None,
        known=tuple(encoding.Trial(*trial) for trial in (job.choices or {}).get("trials", [])),
        has_room=storage.has_room,
    )


def _options(job: Job) -> encoding.Options:
    """As they were asked for, and with the quality that was chosen since."""
    options = encoding.Options.from_dict(job.options)
    return replace(options, quality=job.chosen_quality) if job.chosen_quality else options


def _is_nearly_there(progress: Progress) -> bool:
    return progress.eta_seconds is not None and progress.eta_seconds < NEARLY_THERE


def _after_pieces(job: Job, count: int) -> dict[str, Any]:
    """What was told last of a film whose pieces are all there."""
    told = job.progress or {}
    kept = (told.get("pieces") or {}).get("kept", 0.0)
    pieces = {"done": count, "total": count, "kept": kept, "cells": [1.0] * min(pace.MOST_CELLS, count)}
    return {
        "fraction": told.get("fraction") or 0.0,
        "expected_bytes": told.get("expected_bytes"),
        "pieces": pieces,
    }


def reporter(lease: Lease, told: Mapping[str, Any] = MappingProxyType({})) -> encoding.Report:
    """What the engine tells, and asks whether to go on. A worker that was told to end finishes what is nearly there.

    Time for which the disk was full does not count as work; but no entry of the queue lasts for ever.
    `told`: the progress that was reached before, from which this goes on.
    """
    began = heard = time.monotonic()
    paused = 0.0

    def report(progress: Progress) -> bool:
        nonlocal heard, paused
        now = time.monotonic()
        paused += now - heard if progress.phase == PAUSED else 0.0
        heard = now
        if now - began - paused > settings.JOB_TIMEOUT:
            raise errors.TookTooLong()
        if now - began > settings.JOB_TIMEOUT:
            raise queue.out_of_time()
        is_ours = lease.tell(going_on(progress))
        return is_ours and (not queue.shutdown_requested() or _is_nearly_there(progress))

    going_on = GoingOn(told)
    return report


class GoingOn:
    """Progress that goes on from what was told before; where nobody knows how far it is, it is as far as it was."""

    def __init__(self, told: Mapping[str, Any]):
        self._told, self._fraction = told, told.get("fraction", 0.0)

    def __call__(self, progress: Progress) -> Progress:
        if not self._told:
            return progress
        before = self._told["fraction"]
        self._fraction = max(self._fraction, round(before + (1 - before) * (progress.fraction or 0.0), 4))
        expected = progress.expected_bytes or self._told.get("expected_bytes")
        return replace(progress, fraction=self._fraction, expected_bytes=expected, pieces=self._told["pieces"])
