"""The name of the request that is being answered, on every line that is logged meanwhile."""

import logging
import re
import secrets
from contextvars import ContextVar

FIT = re.compile(r"[\w.:-]{1,64}", re.ASCII)

current: ContextVar[str] = ContextVar("request_id", default="")


def new_id(proposed: str = "") -> str:
    """A proxy's, where it proposes a fit one, so that its log and ours name the same; else a random one."""
    return proposed if FIT.fullmatch(proposed) else secrets.token_hex(6)


class RequestIdFilter(logging.Filter):
    """Puts it into a record as `request_id`: with a blank before it, or nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = current.get()
        record.request_id = f" {found}" if found else ""
        return True
