"""A socket that says something new without an end. Over HTTP it tells how much it has said, and to how many."""

import asyncio

SAID = {"bytes": 0, "listeners": 0}
PIECE = 16 * 1024


async def application(scope, receive, send):
    if scope["type"] == "http":
        body = f"{SAID['bytes']} {SAID['listeners']}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
        return
    await send({"type": "websocket.accept"})
    SAID["listeners"] += 1
    try:
        while not await is_gone(receive):
            SAID["bytes"] += PIECE
            await send({"type": "websocket.send", "text": "x" * PIECE})
    finally:
        SAID["listeners"] -= 1


async def is_gone(receive):
    """Looks at what came in, without waiting for more than a moment."""
    try:
        async with asyncio.timeout(0.001):
            while (await receive())["type"] != "websocket.disconnect":
                pass
    except TimeoutError:
        return False
    return True
