"""The two fields by which a job says with what it came: the id of its batch, and the folder in which its file lay."""

import re
from typing import Any

from jobs import errors
from jobs.batches.ids import BatchId
from jobs.labels import clean_folder
from jobs.models import Owner
from jobs.submission.submission import is_uuid

FIELDS = {"batch", "folder"}


def read_batch(value: Any, owner: Owner) -> str:
    """ "" for none. Who is not signed in must use a UUID: it is the key to all that is in the batch."""
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not re.fullmatch(BatchId.regex, value):
        raise errors.InvalidRequest(
            fields={"batch": "Use 1 to 255 letters, digits, `-`, `.`, `_` and `~`; the first a letter or a digit."}
        )
    if owner.user is None and not is_uuid(value):
        raise errors.InvalidRequest(
            fields={"batch": "Unless you are signed in or send a token, use a UUID, so that nobody guesses it."}
        )
    return value


def read_folder(value: Any) -> str:
    """A label such as `2026/Summer`, whatever was sent; "" for none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise errors.InvalidRequest(fields={"folder": "Use text, such as `2026/Summer`."})
    return clean_folder(value)
