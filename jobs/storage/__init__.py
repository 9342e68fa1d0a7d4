"""Where bytes lie. Nothing outside this package holds a path of it, but within `with storage.local_source(job_id)`.

A kind of storage is a class with the methods of `Storage`; `storage` is the one that serves. Today there is one
kind, `files.LocalStorage`: files under `MEDIA_ROOT`.
"""

from jobs.storage.base import PartialSource, Storage, StoredFile, UploadInUse, crc32_of, sha256_of
from jobs.storage.files import LocalStorage

storage: Storage = LocalStorage()

__all__ = ["PartialSource", "Storage", "StoredFile", "UploadInUse", "crc32_of", "sha256_of", "storage"]
