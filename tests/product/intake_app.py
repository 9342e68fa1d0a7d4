"""A small ASGI application to try the intake with.

/count      reads the body, sleeping for ?pause= seconds after each event; answers how much came
/log        answers what happened at /count so far
/early      answers 401 without reading
/download   answers ?bytes= of zeros
/empty      answers 204, wrongly with a body
"""

import asyncio
import hashlib
import json
import os
from urllib.parse import parse_qs

from django.conf import settings

settings.configure(
    BEHIND_PROXY="BEHIND_PROXY" in os.environ,
    MAX_UPLOAD_BYTES=int(os.environ.get("MAX_UPLOAD_BYTES", 10**9)),
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DATABASE_CONNECTIONS=1,
    DATA_UPLOAD_MAX_MEMORY_SIZE=1024 * 1024,
    CLIENT_TIMEOUT=int(os.environ["CLIENT_TIMEOUT"]),
    MAX_CONNECTIONS_PER_ADDRESS=int(os.environ.get("MAX_CONNECTIONS_PER_ADDRESS", 1000)),
)
log: list[dict] = []


async def application(scope, receive, send):
    if scope["type"] == "websocket":
        await echo(receive, send)
        return
    query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
    await {"/count": count, "/early": early, "/log": history, "/download": download, "/empty": empty}[scope["path"]](
        receive, send, query
    )


async def count(receive, send, query):
    entry = {"bytes": 0, "events": 0, "ended": False, "left": False}
    log.append(entry)
    digest = hashlib.sha256()
    while not (entry["ended"] or entry["left"]):
        event = await receive()
        digest.update(event.get("body", b""))
        entry["events"] += 1
        entry["bytes"] += len(event.get("body", b""))
        entry["left"] = event["type"] == "http.disconnect"
        entry["ended"] = not entry["left"] and not event["more_body"]
        await asyncio.sleep(float(query.get("pause", 0)))
    await answer(send, 200, entry | {"sha256": digest.hexdigest()})


async def early(receive, send, query):
    await answer(send, 401, {"read": False})


async def history(receive, send, query):
    await answer(send, 200, log)


async def download(receive, send, query):
    entry = {"sent": 0}
    log.append(entry)
    left = int(query["bytes"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while left:
        piece = bytes(min(left, 65536))
        left -= len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": bool(left)})
        entry["sent"] += len(piece)


async def empty(receive, send, query):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b"", "more_body": True})
    await send({"type": "http.response.body", "body": b"not for a 204"})


async def answer(send, status, document):
    body = json.dumps(document).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def echo(receive, send):
    while (event := await receive())["type"] != "websocket.disconnect":
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "websocket.send", "text": event["text"]})
