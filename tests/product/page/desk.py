"""What a person does and sees on the page."""

from collections.abc import Iterable
from pathlib import Path

import av
from playwright.sync_api import Dialog, Locator, Page, expect

PATIENCE = 90_000  # milliseconds; a whole compression on a busy machine
RECORDER = """
    window.seen = new Set();
    new MutationObserver(() => {
        for (const part of document.querySelectorAll("[data-transport], [data-percent], [data-status]"))
            if (part.textContent) seen.add(part.textContent);
    }).observe(document, { subtree: true, childList: true, characterData: true });
"""


class Desk:
    def __init__(self, page: Page):
        self.page = page
        self.defects: list[str] = []
        page.on("pageerror", lambda error: self.defects.append(str(error)))
        self.says_yes = True  # to whatever the page asks
        page.on("dialog", self._answer)
        page.on("console", lambda said: "Content Security Policy" in said.text and self.defects.append(said.text))
        page.add_init_script(RECORDER)

    def _answer(self, dialog: Dialog) -> None:
        if dialog.type == "confirm":
            dialog.accept() if self.says_yes else dialog.dismiss()

    def open(self) -> None:
        self.page.goto("/")

    def compress(self, *files: Path, recipe: str = "Fast") -> None:
        self.page.get_by_label("Drop videos here").set_input_files(files)
        self.page.get_by_role("radio", name=recipe).check()
        self.page.get_by_role("button", name="Compress").click()

    def card(self, filename: str) -> Locator:
        """The one card of this video, whatever it is at the time."""
        return self.page.locator("job-list > *").filter(has=self.page.get_by_role("heading", name=filename))

    def wait_for(self, filename: str, state: str) -> Locator:
        card = self.card(filename)
        expect(card.locator(".card")).to_have_attribute("data-state", state, timeout=PATIENCE)
        return card

    def seen(self) -> set[str]:
        """Every transport, percentage and phase that stood on the page at some time."""
        return set(self.page.evaluate("[...seen]"))

    def download(self, card: Locator, directory: Path) -> Path:
        with self.page.expect_download() as download:
            card.get_by_role("link", name="Download").click()
        target = directory / download.value.suggested_filename
        download.value.save_as(target)
        return target

    def break_connections(self) -> None:
        """Of what is on its way; then the network is there again, as fast as it can be."""
        nothing = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.brake.send("Network.emulateNetworkConditions", nothing)
        self.page.wait_for_timeout(200)
        self.brake.send("Network.emulateNetworkConditions", {**nothing, "offline": False})

    def slow_down(self, bytes_per_second: int) -> None:
        """Of what leaves the browser; -1 takes the brake off."""
        brake = self.page.context.new_cdp_session(self.page)
        brake.send("Network.enable")
        conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
        brake.send("Network.emulateNetworkConditions", {**conditions, "uploadThroughput": bytes_per_second})
        self.brake = brake

    def offsets(self) -> list[int]:
        """Fills with where each piece of an upload began, as the pieces leave."""
        begun: list[int] = []
        self.page.on(
            "request",
            lambda request: request.method == "PATCH" and begun.append(int(request.headers["upload-offset"])),
        )
        return begun


def percentages(seen: Iterable[str]) -> set[str]:
    return {text for text in seen if text.endswith("%") and text[:-1].isdigit()}


def is_playable(path: Path) -> bool:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0)) > 0
