"""The headers of tus 1.0.0, read and written. Section names are those of the specification."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.http import http_date

from jobs import errors
from jobs.models import Job
from jobs.states import State
from jobs.uploads.digests import Digest

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,checksum,expiration"
CHECKSUM_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
CONTENT_TYPE = "application/offset+octet-stream"
PATH = "/uploads"
MOST_DIGITS = 19  # of a number of bytes, which then fits into 64 bits


@dataclass(frozen=True)
class Checksum:
    """What a client says its bytes add up to (Checksum: Upload-Checksum)."""

    algorithm: str
    digest: bytes

    @classmethod
    def parse(cls, header: str | None) -> "Checksum | None":
        if header is None:
            return None
        algorithm, _, encoded = header.strip().partition(" ")
        if algorithm not in CHECKSUM_ALGORITHMS:
            raise errors.InvalidRequest(fields={"Upload-Checksum": f"Use {', '.join(CHECKSUM_ALGORITHMS)}."})
        return cls(algorithm, _decode("Upload-Checksum", encoded))

    def new_hash(self) -> Digest:
        return hashlib.new(self.algorithm, usedforsecurity=False)


def discovery() -> dict[str, str]:
    """Core protocol, OPTIONS: what this server can do."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUM_ALGORITHMS),
    }


def check_version(headers: Mapping[str, str]) -> None:
    """Core protocol, Tus-Resumable: a version that we do not speak must not be processed."""
    if headers.get("Tus-Resumable") != VERSION:
        raise errors.UnsupportedVersion(headers={"Tus-Version": VERSION})


def check_content_type(content_type: str) -> None:
    if content_type != CONTENT_TYPE:
        raise errors.UnsupportedType(f"Send the bytes as `{CONTENT_TYPE}`.")


def number(headers: Mapping[str, str], name: str) -> int:
    """Upload-Offset or Upload-Length: a non-negative integer."""
    value = headers.get(name, "").strip()
    if not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS):
        raise errors.InvalidRequest(fields={name: "Send a whole number, 0 or more."})
    return int(value)


def read_metadata(header: str) -> dict[str, str]:
    """Creation, Upload-Metadata: `key base64,key base64,key`; keys are unique, a value may be absent."""
    pairs: dict[str, str] = {}
    for item in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = item.partition(" ")
        if key in pairs:
            raise errors.InvalidRequest(fields={key: "Send this field once."})
        pairs[key] = _decode(key, encoded).decode("utf-8", "replace")
    return pairs


def expiry(job: Job, received_bytes: int) -> dict[str, str]:
    """Expiration, Upload-Expires: only an unfinished upload expires; each byte that comes puts it off."""
    if job.state != State.UPLOADING:
        return {}
    seconds = settings.UPLOAD_RETENTION if received_bytes else settings.EMPTY_UPLOAD_RETENTION
    moment = job.heartbeat_at + timedelta(seconds=min(seconds, settings.UPLOAD_RETENTION))
    return {"Upload-Expires": http_date(moment.timestamp())}


def _decode(name: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise errors.InvalidRequest(fields={name: "This is not valid base64."}) from None
