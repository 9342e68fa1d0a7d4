"""How requests come in: Twisted's HTTP channel and Daphne's request, mended by subclassing.

What is different from stock Daphne, which collects a body, parses its form in memory and then asks us:

1. The application starts when the headers are in; the body streams to it with back-pressure (`Body`).
2. Nothing is parsed here. `100 Continue` is sent when the application first asks for the body, so that an
   application may refuse without it (RFC 9110 section 10.1.1).
3. A body that is declared too large, or turns out to be, is refused with 413 at that moment.
4. A client that is slow with its headers, or sends nothing while the application waits, gets 408.
5. An answer given before the body is in closes the connection, but reads on for a while: a close with unread
   bytes would reset the connection and could destroy the answer on its way (RFC 9112 section 9.6).
6. A client that leaves in mid-body is told to the application as `http.disconnect`, after the bytes it sent.
7. Responses wait for a slow reader too, instead of piling up in memory; HEAD, 204 and 304 carry no body.

`channel.py` is the connection, `request.py` one request on it.
"""
