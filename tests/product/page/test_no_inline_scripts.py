"""Every page keeps the policy that it sends: no script is inline, or from elsewhere."""

import pytest

from tests.product.stack import Stack

NEW_OPERATOR = """
from django.contrib.auth.models import User
User.objects.filter(username="operator").exists() or User.objects.create_superuser("operator", password="let me in")
"""
PAGES = [
    "/",
    "/docs",
    "/problems",
    "/nothing/here",
    "/admin/",
    "/admin/jobs/job/",
    "/admin/jobs/apitoken/add/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/password_change/",
    "/admin/django_rq/dashboard/",
    "/admin/django_rq/dashboard/queues/0/",
    "/admin/django_rq/dashboard/queues/0/details/",
    "/admin/django_rq/dashboard/queues/0/failed/",
    "/admin/django_rq/dashboard/queues/0/finished/",
    "/admin/django_rq/dashboard/queues/0/started/",
    "/admin/django_rq/dashboard/queues/0/deferred/",
    "/admin/django_rq/dashboard/queues/0/scheduled/",
    "/admin/django_rq/dashboard/queues/0/failed/clear/",
    "/admin/django_rq/dashboard/queues/0/empty/",
    "/admin/django_rq/dashboard/workers/0/",
]


@pytest.fixture(scope="module")
def operator(stack: Stack) -> None:
    stack.manage("shell", "-v0", "-c", NEW_OPERATOR)


@pytest.fixture
def page(browser, stack):
    """A page, and what its console says of the policy."""
    context = browser.new_context(base_url=stack.url)
    page = context.new_page()
    page.on("console", lambda said: "Content Security Policy" in said.text and page.violations.append(said.text))
    page.violations = []
    yield page
    context.close()


def test_no_page_breaks_its_own_policy(page, operator):
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("let me in")
    page.get_by_role("button", name="Log in").click()
    for path in PAGES:
        answer = page.goto(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'self'"), path
        assert (path, page.violations) == (path, [])
    page.goto("/docs")
    page.get_by_text("What can be asked for").wait_for()


def test_the_policy_stops_a_script_that_got_into_a_page(page):
    page.goto("/problems")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert page.violations
