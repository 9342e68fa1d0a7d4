"""The form is a form, and its job's page reloads itself."""

import re

from playwright.sync_api import expect

from tests.product.page.desk import PATIENCE


def test_a_video_is_compressed_without_javascript(plain_page, media):
    plain_page.goto("/")
    plain_page.get_by_label("Choose a video").set_input_files(media / "film.mp4")
    plain_page.get_by_role("radio", name="Fast").check()
    plain_page.get_by_role("button", name="Compress").click()

    expect(plain_page).to_have_url(re.compile(r"/watch/[0-9a-f-]{36}$"))
    expect(plain_page.get_by_role("link", name="Download")).to_be_visible(timeout=PATIENCE)
    expect(plain_page.locator("article")).to_contain_text("smaller")
