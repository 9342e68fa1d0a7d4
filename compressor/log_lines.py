"""How a line of the log is written, whoever wrote it: Django, RQ or we."""

import logging
import re

# A UUID. Where a job has no owner, its id is the key to it.
JOB_ID = re.compile(r"(?<![0-9a-f])([0-9a-f]{8})-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])")


class LineFormatter(logging.Formatter):
    """Of a job's id the log has the beginning, as the access log does; in a traceback as well."""

    def format(self, record: logging.LogRecord) -> str:
        return JOB_ID.sub(r"\1…", super().format(record))
