"""What travels to and from the page: no more than is of use."""

from playwright.sync_api import expect


def test_a_document_is_refused_after_its_first_bytes(desk, tmp_path):
    report = tmp_path / "report.mp4"
    report.write_bytes(b"%PDF-1.7 " + bytes(20_000_000))
    sent = []
    desk.page.on(
        "request", lambda request: request.method == "PATCH" and sent.append(request.headers["upload-offset"])
    )
    desk.compress(report)
    card = desk.wait_for("report.mp4", "failed")
    expect(card).to_contain_text("It is a PDF document. Check which file you chose.")
    assert sent == ["0"]  # one request, of the first 64 kB


def test_a_page_at_rest_asks_for_nothing(desk, media):
    """Beside a socket that is well, a video that waits is not asked for again and again."""
    desk.compress(media / "long.avi", recipe="Smallest")
    ahead = desk.wait_for("long.avi", "running")
    desk.compress(media / "film.mp4", recipe="Smallest")
    behind = desk.wait_for("film.mp4", "queued")
    expect(behind.locator("[data-transport]")).to_have_text("Live")
    job = behind.evaluate("card => card.closest('job-card').dataset.self")
    polls = []
    desk.page.on("request", lambda request: request.url.endswith(job) and polls.append(request.url))
    desk.page.wait_for_timeout(12_000)
    assert polls == []
    expect(behind.locator("[data-transport]")).to_have_text("Live")
    for card in (behind, ahead):
        card.get_by_role("button", name="Cancel").click()
        expect(card).to_have_count(0)


def test_pages_travel_compressed_and_pictures_once(desk, media):
    desk.compress(media / "short.mp4")
    desk.wait_for("short.mp4", "completed")
    answers = {}
    desk.page.on("response", lambda answer: answers.__setitem__(answer.url.rpartition("/")[2], answer))
    desk.open()
    expect(desk.page.locator(".poster").first).to_have_js_property("complete", True)
    assert answers[""].headers["content-encoding"] == "gzip"
    (poster,) = {name for name in answers if name.endswith(".jpg")}
    assert "immutable" in answers[poster].headers["cache-control"]
    assert len(answers[poster].body()) < 30_000


def test_signing_in_in_another_tab_does_not_break_the_page_that_is_open(desk, media, stack):
    stack.manage("shell", "-v0", "-c", NEW_USER)
    other = desk.page.context.new_page()
    other.goto("/accounts/login/")
    other.get_by_label("Name").fill("ann")
    other.get_by_label("Password").fill("let me in")
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/")
    desk.compress(media / "short.mp4")
    desk.wait_for("short.mp4", "completed")


NEW_USER = """
from django.contrib.auth.models import User
User.objects.filter(username="ann").exists() or User.objects.create_user("ann", password="let me in")
"""
