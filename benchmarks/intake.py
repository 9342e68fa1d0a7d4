"""One large body: how long it takes to come in, and how much memory the web process needs for it.

    python benchmarks/intake.py [MEGABYTES]

Stock Daphne against ours, with the product behind both (the form) and with an application that only counts
(octet-stream); then tus, which stock Daphne serves as well, only slower. Promised: under 300 MB of memory
whatever is posted, and a form in no more than a tenth of stock Daphne's time.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024
PORT = int(os.environ.get("PORT", "8390"))
STOCK, OURS = ["-m", "daphne"], ["-m", "compressor.server"]
PRODUCT, COUNTER = "compressor.asgi:application", "benchmarks.intake:count"
BOUNDARY = "frontier"
OCTETS = "application/offset+octet-stream"


async def count(scope, receive, send):
    """An application that reads the body and tells how much there was."""
    total, more = 0, True
    while more:
        event = await receive()
        total += len(event.get("body", b""))
        more = event.get("more_body", False)
    body = str(total).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    size = int(sys.argv[1]) * MIB if len(sys.argv) > 1 else 300 * MIB
    print(f"{size // MIB} MiB from loopback\n\n| request | server | seconds | peak memory, MB |\n|---|---|---|---|")
    for request, application, send in [
        ("multipart form to the product", PRODUCT, form),
        ("octet-stream to a counter", COUNTER, octets),
        ("tus, one PATCH, to the product", PRODUCT, tus),
        ("tus, PATCHes of 16 MiB, to the product", PRODUCT, tus_in_chunks),
    ]:
        for name, server in [("stock Daphne", STOCK), ("ours", OURS)]:
            seconds, peak = measure(server, application, lambda send=send: send(size))
            print(f"| {request} | {name} | {seconds:.1f} | {peak / 1e6:.0f} |", flush=True)


def measure(server: list[str], application: str, send: Callable[[], None]) -> tuple[float, int]:
    with running(server, application) as process, peak_memory(process) as peak:
        started = time.perf_counter()
        send()
        return time.perf_counter() - started, peak()


@contextmanager
def running(server: list[str], application: str) -> Iterator[psutil.Process]:
    """A server with a database of its own, and no Redis: jobs are accepted without it."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCHMARK_DIR")) as data:
        settings = {"DATA_DIR": data, "REDIS_URL": f"unix://{data}/none", "MIN_FREE_BYTES": "0"}
        settings |= {"DJANGO_SETTINGS_MODULE": "compressor.settings"}
        options = {"env": os.environ | settings, "cwd": ROOT, "stderr": subprocess.DEVNULL}
        subprocess.run([sys.executable, "manage.py", "prepare", "-v0"], check=True, **options)
        command = [sys.executable, *server, "-v", "0", "-p", str(PORT), application]
        process = subprocess.Popen(command, **options)
        try:
            wait_for_server()
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait()


def wait_for_server() -> None:
    while True:
        try:
            return connect().connect()
        except ConnectionRefusedError:
            time.sleep(0.1)


@contextmanager
def peak_memory(process: psutil.Process) -> Iterator[Callable[[], int]]:
    """Resident memory, sampled; Linux's own high-water mark counts start-up too, which is no larger here."""
    peak, over = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.02):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: peak
    finally:
        over.set()
        watcher.join()


def connect() -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)


def pieces(size: int) -> Iterator[bytes]:
    piece = os.urandom(MIB)
    for _ in range(size // MIB):
        yield piece


def form(size: int) -> None:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="client_job_id"\r\n\r\n{uuid.uuid4()}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        yield from pieces(size)
        yield tail

    kind = f"multipart/form-data; boundary={BOUNDARY}"
    ask("POST", "/jobs", body(), 202, {"Content-Type": kind, "Content-Length": str(len(head) + size + len(tail))})


def octets(size: int) -> None:
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
    ask("POST", "/", pieces(size), 200, headers)


def tus(size: int, chunk: int = 0) -> None:
    path = ask("POST", "/uploads/", None, 201, {"Tus-Resumable": "1.0.0", "Upload-Length": str(size)})
    for offset in range(0, size, chunk or size):
        length = min(chunk or size, size - offset)
        headers = {"Tus-Resumable": "1.0.0", "Content-Type": OCTETS}
        headers |= {"Upload-Offset": str(offset), "Content-Length": str(length)}
        ask("PATCH", path, pieces(length), 204, headers)


def tus_in_chunks(size: int) -> None:
    tus(size, 16 * MIB)


def ask(method: str, path: str, body: Iterator[bytes] | None, status: int, headers: dict[str, str]) -> str:
    """The Location of the answer, which must have this status."""
    connection = connect()
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    if response.status != status:
        raise SystemExit(f"{method} {path} was answered {response.status}: {response.read()!r}")
    connection.close()
    return response.headers.get("Location", "")


if __name__ == "__main__":
    main()
