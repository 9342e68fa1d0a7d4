"""Every error once: its code, its sentence, its HTTP status, and whether trying again can help.

Shapes follow RFC 9457. `code` is stable and is what a program branches on; `title` is the same for
every occurrence; `detail` says what happened this time and what to do about it. `message` is the same to a person,
who knows a page and not an API.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class Problem(Exception):
    """Base of every error that a client may see. Never carries a path, a trace or ffmpeg's own words."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"
    advice: ClassVar[str] = "Try again; if it happens again, tell the operator."
    for_people: ClassVar[str] = ""  # instead, where that speaks of fields, headers or states
    retryable: ClassVar[bool] = False
    is_beyond_help: ClassVar[bool] = False  # of a failure: no recipe would do better, for it is the source's

    def __init__(
        self,
        detail: str = "",
        *,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ):
        """`members` are extension members of the problem document (RFC 9457 section 3.2)."""
        self.detail = detail or self.advice
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(self.detail)

    @property
    def message(self) -> str:
        """What to do about it, for a person."""
        return self.for_people or self.detail


# Refusals: the request itself cannot be granted.


class InvalidRequest(Problem):
    code, status, title = "invalid_request", 400, "The request is not usable as it stands"
    advice = "Correct the fields named in `fields` and send it again."
    for_people = "Correct what is named and send it again."


class LoginRequired(Problem):
    code, status, title = "login_required", 401, "Sign in first"
    advice = "Sign in, or send an API token as `Authorization: Bearer <token>`."
    for_people = "Sign in, then choose the video again."


class InvalidToken(Problem):
    code, status, title = "invalid_token", 401, "The API token is not valid"
    advice = "The token is unknown or was revoked. Ask the operator for a new one."


class CsrfFailed(Problem):
    code, status, title = "csrf_failed", 403, "The request could not be traced to our own page"
    advice = "Reload the page and try again. Programs: send no cookies, or the CSRF token along with them."
    for_people = "Reload the page and try again."


class ForeignOrigin(Problem):
    code, status, title = "foreign_origin", 403, "Another site's page may not do this"
    advice = (
        "Use this server's own page, or send an API token. If this is its own page, the operator has to set "
        "`BEHIND_PROXY`; another page that may do this is named in `CSRF_TRUSTED_ORIGINS`."
    )
    for_people = "Do it on this server's own page. If this is that page, tell the operator."


class UnknownHost(Problem):
    code, status, title = "unknown_host", 400, "This server does not answer to that name"
    advice = "Use its address in numbers, or have the operator add the name to `ALLOWED_HOSTS`."
    for_people = "Use the server's address in numbers, or ask the operator to add this name."


class PermissionDenied(Problem):
    code, status, title = "permission_denied", 403, "This is not open to you"
    advice = "Sign in as somebody who may, or ask the operator."


class NotFound(Problem):
    code, status, title = "not_found", 404, "There is nothing here"
    advice = "Check the address. A job that is not yours, or was purged, is not found either."
    for_people = "Check the address. A video that was deleted, or that belongs to somebody else, is not shown."


class MethodNotAllowed(Problem):
    code, status, title = "method_not_allowed", 405, "This address does not take that method"
    advice = "The `Allow` header lists the methods that it takes."
    for_people = "Go back and do it from the page."


class RequestTimeout(Problem):
    code, status, title = "request_timeout", 408, "The request stopped arriving"
    advice = "Nothing came for too long. Send it again, or use a resumable upload on a slow connection."
    for_people = "The connection was too slow or broke off. Try again."
    retryable = True


class RequestInProgress(Problem):
    code, status, title = "request_in_progress", 409, "The same request is still arriving"
    advice = "Wait for `Retry-After` seconds, then ask again with the same client job id."
    for_people = "The first try is still arriving. Wait a moment; it goes on by itself."
    retryable = True


class ResultNotReady(Problem):
    code, status, title = "result_not_ready", 409, "The job has no result yet"
    advice = "Follow the job until its state is `completed`."
    for_people = "It is still being compressed. Come back when it is done."
    retryable = True


class NotRetryable(Problem):
    code, status, title = "not_retryable", 409, "This job cannot be run again"
    advice = (
        "Only a failed or canceled job can, while its source is still there and unless it would fail in the same way. "
        "A job's `links.retry` says so beforehand. Submit a new job instead."
    )
    for_people = "It would end in the same way, or the video is not here any longer. Choose it again on your device."


class SourceInUse(Problem):
    code, status, title = "source_in_use", 409, "The job still needs its source"
    advice = "Wait until the job has ended, or cancel it: then all of it is deleted."


class NotWaiting(Problem):
    code, status, title = "not_waiting", 409, "This job does not wait for its turn"
    advice = "Only a job that waits can be moved in line, and only one that has not ended can be put on hold."
    for_people = "It has begun or ended in the meantime. Reload the page to see how it stands."


class NotOffered(Problem):
    code, status, title = "not_offered", 409, "This quality is not offered"
    advice = "Choose one of `choices` while `links.choose` is there. What was chosen once stays."
    for_people = "It was chosen already, or nothing is offered any more. Reload the page to see."


class JobCanceled(Problem):
    code, status, title = "job_canceled", 410, "The job was canceled"
    advice = "To compress the video after all, submit it again under a new client job id."
    for_people = "To compress the video after all, choose it again."


class JobExpired(Problem):
    code, status, title = "job_expired", 410, "The result has expired and was deleted"
    advice = "To have it again, submit the video under a new client job id."
    for_people = "To have it again, choose the video again."


class TooLarge(Problem):
    code, status, title = "too_large", 413, "The file is larger than this server accepts"
    advice = "Send a file no larger than `max_bytes`."

    @property
    def message(self) -> str:
        return f"This server takes videos of up to {self.members['max_bytes'] / 1_000_000:,.0f} MB each."


class UnsupportedType(Problem):
    code, status, title = "unsupported_type", 415, "This kind of request body is not understood"
    advice = "Send `multipart/form-data` with a `file`, or JSON to begin a resumable upload."
    for_people = "Send the video from this server's page."


class UnsupportedVersion(Problem):
    code, status, title = "unsupported_version", 412, "This version of tus is not spoken here"
    advice = "Send `Tus-Resumable: 1.0.0`."
    for_people = "Reload the page and try again."


class WrongOffset(Problem):
    code, status, title = "wrong_offset", 409, "The upload is not at that offset"
    advice = "Ask with HEAD where it is, and go on from there."
    for_people = "The upload got out of step. It goes on by itself."
    retryable = True


class UploadOverrun(Problem):
    code, status, title = "upload_overrun", 413, "More bytes came than the upload was announced with"
    advice = "Send no more than `Upload-Length` bytes in all."
    for_people = "The file grew while it was sent. Choose it again when nothing writes to it any longer."


class UploadLocked(Problem):
    code, status, title = "upload_locked", 423, "Another request is sending to this upload"
    advice = "Wait for `Retry-After` seconds, then ask with HEAD where the upload is."
    for_people = "Another tab or program is sending this file. It goes on by itself."
    retryable = True


class ChecksumMismatch(Problem):
    code, status, title = "checksum_mismatch", 460, "The bytes are not those that the checksum was made of"
    advice = "Nothing of this request was kept. Send the same bytes again."
    for_people = "Some of it arrived damaged and is sent again."
    retryable = True


class IdempotencyMismatch(Problem):
    code, status, title = "idempotency_mismatch", 422, "This client job id already names another job"
    advice = "Use a new client job id for a different request. `differs` names what is not the same."
    for_people = "The file or the choice changed since it was first sent. Choose it again."


class QueueFull(Problem):
    code, status, title = "queue_full", 429, "Too many jobs are waiting"
    advice = "Nothing of it was kept. Send it again when some of them are done."
    retryable = True


class TooManyAttempts(Problem):
    code, status, title = "too_many_attempts", 429, "Too many attempts to sign in"
    advice = "Wait some minutes, then try again."
    retryable = True


class QueueShareTaken(Problem):
    code, status, title = "queue_share_taken", 429, "You have as many jobs waiting as one may have"
    advice = "The other places are kept for others. The next one is taken when some of yours are done."
    retryable = True


class TooManyUploads(Problem):
    code, status, title = "too_many_uploads", 429, "Too many of your uploads are not finished"
    advice = "Finish or cancel some of them; then the next one is taken."
    retryable = True


class DiskShareTaken(Problem):
    code, status, title = "disk_share_taken", 429, "Your videos take up as much room as one may have"
    advice = "Delete some that you have fetched, or wait until they expire; then the next one is taken."
    retryable = True


class TooManyRequests(Problem):
    code, status, title = "too_many_requests", 429, "Too many requests in too short a time"
    advice = "Wait a moment, then go on more slowly."
    retryable = True


class TooManyConnections(Problem):
    code, status, title = "too_many_connections", 429, "Too many connections are open at once"
    advice = "Close some of them, or try again in a moment."
    retryable = True


class NoRoom(Problem):
    code, status, title = "no_room", 503, "The server has no room for this file now"
    advice = "Try again later. What came of a resumable upload is kept; anything else has to be sent anew."
    retryable = True


class Unavailable(Problem):
    code, status, title = "unavailable", 503, "The server cannot do this just now"
    advice = "Send the same request again in a moment."
    retryable = True


# Failures: the job ran and could not be completed. A poll answers them with 400.


class JobFailure(Problem):
    """Why a job failed. `log` is ffmpeg's own tail, for operators only."""

    status = 400

    def __init__(self, detail: str = "", *, log: str = "", **members: Any):
        super().__init__(detail, **members)
        self.log = log

    @property
    def message(self) -> str:
        """What is said of this very video is said to people."""
        return super().message if self.detail == self.advice else self.detail


class NotAVideo(JobFailure):
    code, title = "not_a_video", "This file is not a video that can be read"
    advice = "Check that the file plays on your device, then upload the original again."
    is_beyond_help = True


class Encrypted(JobFailure):
    code, title = "encrypted", "This video is encrypted"
    advice = "Only the app that it was made for can play it. Send a version that any player can play."
    is_beyond_help = True


class AudioOnly(JobFailure):
    code, title = "audio_only", "This file has sound but no picture"
    advice = "Only videos can be compressed here."
    is_beyond_help = True


class DamagedSource(JobFailure):
    code, title = "damaged_source", "Too much of this video is damaged"
    advice = "Upload it again from the original, in case the copy was cut short."
    is_beyond_help = True


class SourceTooDemanding(JobFailure):
    code, title = "source_too_demanding", "This video is beyond what the server may work on"
    advice = "Its picture is too large or it needs too much memory. Send a smaller version of it."


class LimitTooSmall(JobFailure):
    code, title = "limit_too_small", "The video cannot be made that small"
    advice = "Ask for at least `smallest_bytes`, or submit a shorter video."
    for_people = "Name a larger size, or choose a shorter video."


class NoSuchPart(JobFailure):
    code, title = "no_such_part", "The video has no such part"
    advice = "Submit it again with a beginning and an end that lie within the video."


class EncodeFailed(JobFailure):
    """ffmpeg ended with an error, and would again."""

    code, title = "encode_failed", "The video could not be compressed"
    advice = "Try another recipe, and tell the operator the job id: the reason stands in the job's log."


class EncoderKilled(JobFailure):
    code, title = "encoder_killed", "The server ended the compression before it was done"
    advice = "The server may have been short of memory. Try again; if it happens again, tell the operator the job id."
    retryable = True


class EncoderStalled(JobFailure):
    code, title = "encoder_stalled", "The compression stood still and was ended"
    advice = "It was tried twice. Try again when the server is less busy; if it happens again, tell the operator."
    retryable = True


class OutOfMemory(JobFailure):
    code, title = "out_of_memory", "This video needs more memory than the server gives to one job"
    advice = "Try again; if it happens again, ask for a smaller picture (a largest height), or use another codec."
    retryable = True


class ResultInvalid(JobFailure):
    code, title = "result_invalid", "The compressed video did not pass its check"
    advice = "Nothing was published. Try another recipe, and tell the operator the job id."


class InternalFailure(JobFailure):
    code, title = "internal_failure", "Something went wrong on our side while compressing"
    advice = "Your video is not to blame, and it is still here. Try again; if it happens again, tell the operator."
    retryable = True


class ProbeTimeout(JobFailure):
    code, title = "probe_timeout", "The server could not look at the video in time"
    advice = "The server may be busy. Try again; if it happens again, tell the operator the job id."
    retryable = True


class OutOfRoom(JobFailure):
    code, title = "out_of_room", "The server ran out of room while compressing"
    advice = "Try again later; your video is still here until it expires."
    retryable = True


class WorkerLost(JobFailure):
    code, title = "worker_lost", "The server was interrupted too often while compressing"
    advice = "Try again. If it happens again, tell the operator the job id."
    retryable = True


class TookTooLong(JobFailure):
    code, title = "took_too_long", "Compressing took longer than the server allows"
    advice = "Try the `fast` recipe, or submit a shorter video."
    for_people = "Try the recipe “Fast”, or a shorter video."


class UploadAbandoned(JobFailure):
    code, title = "upload_abandoned", "The upload was never finished"
    advice = "Submit the video again under a new client job id."
    for_people = "Nothing came for too long. Choose the video again."


class NobodyChose(JobFailure):
    code, title = "nobody_chose", "Nobody chose one of the qualities in time"
    advice = "Send the video again, and choose while it waits, or leave the choice to the recipe."


class Stopped(Exception):
    """The encoder was told to stop (its `report` answered False): canceled, or given up. Not a failure."""


def catalogue() -> dict[str, type[Problem]]:
    """Every problem by its code, for the docs and for reading a stored code back."""

    def below(cls: type[Problem]) -> list[type[Problem]]:
        return [cls, *(found for child in cls.__subclasses__() for found in below(child))]

    return {cls.code: cls for cls in below(Problem) if cls is not JobFailure}
