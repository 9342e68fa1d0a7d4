"""No page needs another host, and script and server say things in the same words."""

from urllib.parse import urlsplit

import pytest

from jobs.templatetags import units


@pytest.mark.parametrize("path", ["/", "/docs", "/problems", "/accounts/login/", "/admin/login/"])
def test_a_page_loads_from_our_own_host_only_and_loads_whole(desk, stack, path):
    asked, missing = [], []
    desk.page.on("request", lambda request: asked.append(urlsplit(request.url)))
    desk.page.on("response", lambda response: response.status >= 400 and missing.append(response.url))
    desk.page.goto(path, wait_until="networkidle")

    ours = urlsplit(stack.url).netloc
    assert {url.netloc for url in asked if url.scheme not in {"data", "blob"}} == {ours}
    assert missing == []


SAY = """async ([name, values]) => {
    const words = await import("/static/js/format.js");
    return values.map(words[name]);
}"""
SIZES = [0, 1, 999, 1000, 9_949, 999_499, 999_500, 5_000_000, 99_900_000, 2_340_000_000, 7_000_000_000_000]
SPANS = [0.2, 1, 59, 60, 61, 3599, 3600, 7260]


@pytest.mark.parametrize(
    ("name", "values"), [("size", SIZES), ("span", SPANS), ("percent", [0, 0.001, 0.256, 0.996, 1])]
)
def test_script_and_server_say_numbers_in_the_same_words(desk, name, values):
    said = desk.page.evaluate(SAY, [name, values])
    assert said == [getattr(units, name)(value) for value in values]
