"""Every page in every state is without findings of axe-core, narrow and wide, dark and in forced colours."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.product.page.desk import PATIENCE
from tests.product.page.test_no_inline_scripts import NEW_OPERATOR

AXE = Path(__file__).parents[2] / "javascript" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = [320, 1280]
FINDINGS = """async () => {
    const rules = { "color-contrast": { enabled: !matchMedia("(forced-colors: active)").matches } }; // the user's own
    const { violations } = await axe.run(document, { resultTypes: ["violations"], rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}"""


def findings(page, width) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(AXE.read_text())  # not a script of the page, which its policy would forbid
    return page.evaluate(FINDINGS)


def too_wide(page) -> list[str]:
    """What makes the page scroll sideways."""
    return page.evaluate("""() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        const parts = [...document.querySelectorAll("body *")].filter((part) => part.checkVisibility());
        const wide = parts.filter((part) => part.getBoundingClientRect().right > width);
        return wide.map((part) => `${part.tagName}.${part.className}`);
    }""")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/problems", "/accounts/login/", "/nothing/here", "/docs"])
def test_a_page_has_no_findings(desk, path, width):
    desk.page.goto(path)
    desk.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert findings(desk.page, width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_what_operators_see_first_has_no_findings(desk, stack, width):
    stack.manage("shell", "-v0", "-c", NEW_OPERATOR)
    desk.page.goto("/admin/login/?next=/admin/")
    desk.page.get_by_label("Username").fill("operator")
    desk.page.get_by_label("Password").fill("let me in")
    desk.page.get_by_role("button", name="Log in").click()
    expect(desk.page.get_by_role("heading", name="Workers")).to_be_visible()
    for look in ({"color_scheme": "light"}, {"color_scheme": "dark"}):
        desk.page.emulate_media(**look)
        assert [found for found in findings(desk.page, width) if ".tile" in found or "overview" in found] == []


@pytest.fixture
def full_desk(desk, media, tmp_path):
    """A card in every state, one upload on its way, and files that are chosen."""
    notes = tmp_path / "notes.mp4"
    notes.write_text("Buy milk.\n" * 500)
    desk.compress(media / "short.mp4")
    desk.compress(notes)
    desk.wait_for("short.mp4", "completed")
    desk.wait_for("notes.mp4", "failed")
    desk.compress(media / "long.avi", recipe="Smallest")
    desk.wait_for("long.avi", "running")
    desk.compress(media / "film.mp4", recipe="Smallest")
    desk.wait_for("film.mp4", "queued")
    desk.slow_down(20_000)
    desk.compress(media / "street.mp4")
    expect(desk.card("street.mp4")).to_contain_text("Uploading")
    desk.page.get_by_label("Drop videos here").set_input_files([media / "short.mp4", notes])
    desk.page.get_by_text("More options").click()
    yield desk
    desk.slow_down(-1)
    for name in ("street.mp4", "film.mp4", "long.avi"):
        desk.card(name).get_by_role("button", name="Cancel").click()
        expect(desk.card(name)).to_have_count(0, timeout=PATIENCE)


def test_cards_in_every_state_have_no_findings_in_any_light(full_desk):
    page = full_desk.page
    for summary in page.get_by_text("Compare before and after").all():
        summary.click()
    for look in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page.emulate_media(**look)
        for width in WIDTHS:
            assert (look, width, findings(page, width)) == (look, width, [])
    page.set_viewport_size({"width": 320, "height": 800})
    assert too_wide(page) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert too_wide(page) == []


def test_the_page_of_one_job_has_no_findings_and_its_headings_skip_no_level(desk, media):
    desk.compress(media / "short.mp4")
    desk.wait_for("short.mp4", "completed").get_by_role("link", name="short.mp4").first.click()
    expect(desk.page.get_by_text("Open on a phone")).to_be_visible()
    desk.page.get_by_text("Open on a phone").click()
    levels = desk.page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((heading) => heading.tagName)")
    assert levels == ["H1", "H2", "H3"]
    for width in WIDTHS:
        assert findings(desk.page, width) == []
