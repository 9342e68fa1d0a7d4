"""What a burst of requests took does not stay taken."""

import threading

import psutil

from compressor.server.memory import give_back

MANY, BYTES = 50_000, 2000  # too large for Python's own allocator


def rss() -> int:
    return psutil.Process().memory_info().rss


def test_what_a_thread_took_and_scattered_goes_back_to_the_system():
    kept = []

    def burst():
        taken = [bytearray(BYTES) for _ in range(MANY)]
        kept.extend(taken[::100])  # in between, so that nothing can go back of itself

    before = rss()
    thread = threading.Thread(target=burst)
    thread.start()
    thread.join()
    after = rss()
    give_back()
    assert after - before > MANY * BYTES / 2
    assert rss() - before < (after - before) / 2
