"""A whole source on its way in: streamed to the disk on which it will stay, taking its SHA-256."""

import fcntl
import hashlib
import tempfile
from collections.abc import Callable
from io import FileIO
from typing import IO, Any, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from jobs import errors, first_bytes
from jobs.storage.room import BUSY_SECONDS, RoomWatch, is_full

SUFFIX = ".upload"


class NoFiles(FileUploadHandler):
    """What every request has, unless its view takes a video: from a file that nobody asked for on, it is not read."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never comes here."""

    def file_complete(self, file_size: int) -> None:
        """No file."""


class SourceUpload(TemporaryUploadedFile):
    """A whole source that came with a request; it is deleted with the request unless a job adopts it.

    Its name says how large it may become, so that the bytes which are yet to come can be counted as taken. It is
    locked for as long as it is written: a lock goes with its process, however that ends, and tells the sweep that
    nobody is coming back.
    """

    name: str
    size: int
    file: IO[bytes]
    sha256: str

    def __init__(self, name: str | None, content_type: str | None, expected: int, charset: str | None, extra: Any):
        directory = settings.FILE_UPLOAD_TEMP_DIR
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115  closed with the request
            prefix=f"{expected}-", suffix=SUFFIX, dir=directory, buffering=0
        )
        fcntl.flock(file, fcntl.LOCK_EX)
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)

    def write_all(self, data: bytes) -> None:
        """Unbuffered, so that a full disk is met here and not when the file is closed."""
        left = memoryview(data)
        while left:
            left = left[cast(FileIO, self.file).write(left) :]


class SourceUploadHandler(TemporaryFileUploadHandler):
    """Streams an uploaded file to the disk it will stay on, for as long as there is room.

    Where there is not, or it is no video, the rest stays unread, and `refusal` says why there is no file.
    """

    refusal: errors.Problem | None = None
    file: SourceUpload

    def __init__(self, request: HttpRequest, has_room: Callable[[], bool]):
        super().__init__(request)
        self._room = RoomWatch(has_room)

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803
        self._expected = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.hash = hashlib.sha256()
        try:
            self.file = SourceUpload(
                self.file_name, self.content_type, self._expected, self.charset, self.content_type_extra
            )
        except OSError as error:
            self._stop_if_full(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hash.update(raw_data)
        try:
            if start == 0:
                first_bytes.check(raw_data)
            self._room.count(len(raw_data))
            self.file.write_all(raw_data)
        except (errors.NotAVideo, errors.NoRoom, OSError) as error:
            self._stop_if_full(error)

    def file_complete(self, file_size: int) -> SourceUpload:
        file = cast(SourceUpload, super().file_complete(file_size))
        file.sha256 = self.hash.hexdigest()
        return file

    def _stop_if_full(self, error: Exception) -> None:
        if isinstance(error, OSError) and not is_full(error):
            raise error
        self.refusal = error if isinstance(error, errors.Problem) else errors.NoRoom(retry_after=BUSY_SECONDS)
        raise StopUpload(connection_reset=True) from error  # reset: do not read on
