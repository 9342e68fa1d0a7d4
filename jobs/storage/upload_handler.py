"""A whole source on its way in: streamed to the disk on which it will stay, taking its SHA-256."""

import hashlib
from typing import IO, Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class SourceUpload(TemporaryUploadedFile):
    """A whole source that came with a request; it is deleted with the request unless a job adopts it."""

    name: str
    size: int
    file: IO[bytes]
    sha256: str


class SourceUploadHandler(TemporaryFileUploadHandler):
    """Streams an uploaded file to the disk it will stay on, taking its SHA-256 on the way."""

    file: SourceUpload

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        kind = self.content_type or "application/octet-stream"
        self.file = SourceUpload(self.file_name or "", kind, 0, self.charset, self.content_type_extra)
        self.hash = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.hash.update(raw_data)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> SourceUpload:
        self.file.seek(0)
        self.file.size = file_size
        self.file.sha256 = self.hash.hexdigest()
        return self.file
