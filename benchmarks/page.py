"""How soon the page can be used, and what it costs to open: 100 jobs kept, on a processor four times slower.

    python benchmarks/page.py [ROUNDS]

Needs Chromium and what the tests need. Usable is when the page's script has run (the end of `DOMContentLoaded`), in
milliseconds after the navigation began; the median of several first visits, each in a profile without a cache. Bytes
are those over the wire, headers included. Also said: the same page without jobs, as a ratio.
"""

import os
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.product import Product, serving, settled

JOBS, SLOWER = 100, 4
GOALS = {"usable, ms": 1000, "first visit, kB": 150, "requests of the second visit": 1}
USABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright has an event loop in this thread
    with settled(MAX_REQUESTS_PER_MINUTE="100000"), serving() as product, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        empty = statistics.median(_visit(browser.new_context(), product)[0] for _ in range(rounds))
        cookies = _one_who_keeps_jobs(browser, product)
        found = [_visits(browser, product, cookies) for _ in range(rounds)]
    usable, first, again = (statistics.median(column) for column in zip(*found, strict=True))
    for (name, goal), value in zip(GOALS.items(), (usable, first / 1000, again), strict=True):
        print(f"{name:32}{value:8.0f}   goal {goal}   {'met' if value <= goal else 'NOT met'}")
    print(f"{'usable, against no jobs':32}{usable / empty:8.2f}")


def _visits(browser: Browser, product: Product, cookies: list) -> tuple[float, int, int]:
    """Of a profile without a cache: when it was usable, the bytes; how many requests the second visit makes."""
    context = browser.new_context()
    context.add_cookies(cookies)
    usable, received, _ = _visit(context, product)
    _, _, requests = _visit(context, product)
    context.close()
    return usable, received, requests


def _visit(context: BrowserContext, product: Product) -> tuple[float, int, int]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    received: list[float] = []
    cached: set[str] = set()
    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    session.on(
        "Network.loadingFinished",
        lambda event: event["requestId"] not in cached and received.append(event["encodedDataLength"]),
    )
    page.goto(product.url, wait_until="load")
    page.wait_for_timeout(500)
    usable = page.evaluate(USABLE)
    page.close()
    over_the_wire = [count for count in received if count > 0]
    return usable, round(sum(over_the_wire)), len(over_the_wire)


def _one_who_keeps_jobs(browser: Browser, product: Product) -> list:
    from django.core import signing

    from tests.builders import completed_job

    context = browser.new_context()
    context.new_page().goto(product.url)
    cookies = context.cookies()
    signed = next(cookie["value"] for cookie in cookies if cookie["name"] == "visitor")
    visitor = signing.TimestampSigner(salt="compressor.visitor").unsign(signed.strip('"'))
    for number in range(JOBS):
        completed_job(visitor=visitor, filename=f"holiday {number}.mp4")
    context.close()
    return cookies


if __name__ == "__main__":
    main()
