"""A whole source on its way in: streamed to the disk on which it will stay, taking its SHA-256."""

import hashlib
from typing import IO, Any, cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class SourceUpload(TemporaryUploadedFile):
    """A whole source that came with a request; it is deleted with the request unless a job adopts it."""

    name: str
    size: int
    file: IO[bytes]
    sha256: str


class SourceUploadHandler(TemporaryFileUploadHandler):
    """Streams an uploaded file to the disk it will stay on, taking its SHA-256 on the way."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.hash = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hash.update(raw_data)
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> SourceUpload:
        file = cast(SourceUpload, super().file_complete(file_size))
        file.sha256 = self.hash.hexdigest()
        return file
