"""Resumable uploads: tus 1.0.0 (https://tus.io/protocols/resumable-upload) at `/uploads/`.

Core, creation, creation-with-upload, termination, checksum and expiration. The upload *is* the job in state
`uploading`: the same id, owner, client job id and verbs.

    protocol.py    the headers of tus, read and written
    views.py       who may do what: plain Django views behind the same middleware as every other door
    streaming.py   the ASGI door before them: takes the body once a view has granted it
    receiver.py   the bytes on their way into the job's source
    digests.py     SHA-256 of what has come so far

Why not a package: tussi, asgi-tus, litestar-tus and tuspyserver belong to other frameworks; django-tus and
drf-tus know no checksums and no locks, and hold chunks in memory.
"""
