"""What a program asks with. `httpx.get` by itself reads all certificates of this machine first: 20 ms each time."""

import httpx

# Each request has a connection of its own, since tests kill the server at the other end.
http = httpx.Client(timeout=60, limits=httpx.Limits(max_keepalive_connections=0))
