"""A person at a browser: Debian's Chromium before the real product."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.product.page.desk import Desk

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Ends with this package: while it lives, an event loop runs in this thread and Django's ORM refuses to work.
@pytest.fixture(scope="package")
def browser():
    if CHROMIUM is None:
        pytest.skip("the page was not tried in a browser: chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@pytest.fixture
def desk(browser, stack):
    """The page as a newcomer finds it, in a browser profile of its own. A defect of its script fails the test."""
    context = browser.new_context(base_url=stack.url, accept_downloads=True)
    desk = Desk(context.new_page())
    desk.open()
    yield desk
    assert desk.defects == []
    context.close()


@pytest.fixture
def plain_page(browser, stack):
    """A browser without JavaScript."""
    context = browser.new_context(base_url=stack.url, java_script_enabled=False)
    yield context.new_page()
    context.close()
