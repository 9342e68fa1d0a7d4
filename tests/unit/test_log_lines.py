"""What a line of the log looks like, whoever wrote it."""

import logging
import sys
import uuid

from compressor.log_lines import LineFormatter


def line(message, *args, exc_info=None):
    record = logging.LogRecord("rq.worker", logging.INFO, __file__, 1, message, args, exc_info)
    return LineFormatter("%(name)s %(message)s").format(record)


def test_of_a_jobs_id_which_may_be_the_key_to_it_the_log_has_the_beginning():
    job = uuid.UUID("2bf91385-4f1d-4ffd-8ffd-82498a9bdbf7")
    assert line("encode: compress %s, attempt 1 (%s-1)", job, job) == (
        "rq.worker encode: compress 2bf91385…, attempt 1 (2bf91385…-1)"
    )
    assert line("no such row: %s", job.hex) == "rq.worker no such row: 2bf91385…"


def test_so_it_is_in_a_traceback():
    try:
        raise ValueError(str(uuid.UUID(int=7)))
    except ValueError:
        said = line("A defect", exc_info=sys.exc_info())
    assert "ValueError: 00000000…" in said
    assert str(uuid.UUID(int=7)) not in said


def test_digests_and_names_of_requests_stay_whole():
    digest = "a" * 64
    assert line("%s of request 9f86d081884c", digest) == f"rq.worker {digest} of request 9f86d081884c"
