"""The clients of `chaos.py`: polite programs that keep to docs/clients.md, and note whatever they were told."""

import io
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import av
import httpx

AT_ONCE = 10
AGAIN = {409, 423, 429, 502, 503, 504}
LONGEST_WAIT = 5.0  # seconds; of an honest Retry-After no more, so that a run has an end
RECIPES = ("balanced", "fast", "small")


@dataclass
class Ordered:
    """One job as its client knows it."""

    clip: Path
    frames: int
    recipe: str
    client_job_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    url: str = ""
    completed: bool = False
    ends: list[str] = field(default_factory=list)  # codes of the failures after which it was run again
    wrong: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.url.rpartition("/")[2]


class Clients:
    def __init__(self, base_url: str, clips: dict[Path, int]):
        self.base_url, self.clips = base_url, clips
        self.orders: list[Ordered] = []
        self.told: Counter[str] = Counter()  # every answer that is no success, and every connection that broke
        self.given_up = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE)

    def order(self, count: int, seconds: float) -> None:
        """So many jobs, spread over so many seconds, each by a client of its own."""
        for number in range(count):
            clip = random.choice(list(self.clips))
            ordered = Ordered(clip, self.clips[clip], RECIPES[number % len(RECIPES)])
            self.orders.append(ordered)
            self._pool.submit(self._follow, ordered)
            if self.given_up.wait(seconds / count):
                return

    def wait(self, patience: float) -> None:
        """For all to end, however slow the machine is. Where none did for so many seconds, the others are given up."""
        ended, since = -1, 0.0
        while (now := self._ended()) < len(self.orders):
            if now > ended:
                ended, since = now, time.monotonic()
            if time.monotonic() - since > patience:
                break
            time.sleep(1)
        self.given_up.set()
        self._pool.shutdown(wait=True)

    def _ended(self) -> int:
        return sum(order.completed or bool(order.wrong) for order in self.orders)

    def _follow(self, ordered: Ordered) -> None:
        try:
            with httpx.Client(base_url=self.base_url, timeout=30) as client:
                self._submit(client, ordered)
                while (
                    ordered.url
                    and not self.given_up.is_set()
                    and not ordered.wrong
                    and not self._has_ended(client, ordered)
                ):
                    pass
        except Exception as error:  # noqa: BLE001  a client that breaks is a finding as well
            ordered.wrong.append(f"the client: {error!r}")

    def _submit(self, client: httpx.Client, ordered: Ordered) -> None:
        form = {"recipe": ordered.recipe, "client_job_id": ordered.client_job_id}
        answer = self._ask(
            client, "POST", "/jobs", data=form, files={"file": (ordered.clip.name, ordered.clip.read_bytes())}
        )
        if answer is not None and answer.status_code in {200, 202, 400}:
            ordered.url = answer.headers.get("Location") or answer.json()["links"]["self"]
        elif answer is not None:
            ordered.wrong.append(f"submitting: {answer.status_code} {answer.text[:200]}")

    def _has_ended(self, client: httpx.Client, ordered: Ordered) -> bool:
        answer = self._ask(client, "GET", ordered.url, headers={"Prefer": "wait=10"})
        match answer and answer.status_code:
            case 200:
                self._fetch(client, ordered, answer.json())
                return True
            case 202:
                time.sleep(random.uniform(0.2, 1))
            case 400 if answer.json().get("retryable"):
                ordered.ends.append(answer.json()["code"])
                self._ask(client, "POST", f"{ordered.url}/retry", again=AGAIN - {409})
            case None:
                return True
            case status:
                ordered.wrong.append(f"polling: {status} {answer.text[:300]}")
        return False

    def _fetch(self, client: httpx.Client, ordered: Ordered, snapshot: dict) -> None:
        answer = self._ask(client, "GET", snapshot["result"]["url"])
        if answer is None:
            return
        if answer.status_code != 200 or len(answer.content) != snapshot["result"]["size"]:
            ordered.wrong.append(
                f"result: {answer.status_code}, {len(answer.content)} of {snapshot['result']['size']}"
            )
            return
        with av.open(io.BytesIO(answer.content)) as container:
            frames = sum(1 for _ in container.decode(video=0))
        if frames != ordered.frames:
            ordered.wrong.append(f"result: {frames} of {ordered.frames} frames")
        ordered.completed = not ordered.wrong

    def _ask(
        self, client: httpx.Client, method: str, url: str, again: set[int] = AGAIN, **request
    ) -> httpx.Response | None:
        """The answer to the same request, sent until there is one. None: given up."""
        while not self.given_up.is_set():
            pause = 1.0
            try:
                answer = client.request(method, url, **request)
            except httpx.TransportError as error:
                self.told[type(error).__name__] += 1
            else:
                if answer.status_code >= 400:
                    self.told[f"{answer.status_code} {_code(answer)}"] += 1
                if answer.status_code not in again and answer.status_code < 500:
                    return answer
                pause = float(answer.headers.get("Retry-After", 1))
            self.given_up.wait(min(pause, LONGEST_WAIT) * random.uniform(0.5, 1))
        return None


def _code(answer: httpx.Response) -> str:
    try:
        return answer.json().get("code", "")
    except ValueError:
        return answer.text[:80]
