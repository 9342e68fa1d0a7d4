"""A PostgreSQL that takes connections and says nothing: its machine is frozen, or its disk hangs."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil
import pytest

from tests import postgresql
from tests.product.http import http
from tests.product.stack import Stack, eventually

pytestmark = pytest.mark.skipif(bool(postgresql.WHY_NOT), reason=f"not tried on PostgreSQL: {postgresql.WHY_NOT}")
AT_ONCE = 10


class Database:
    def __init__(self) -> None:
        self.url = postgresql.start()
        cluster = Path(unquote(urlsplit(self.url).netloc.rpartition("@")[2])) / "cluster"
        self._server = psutil.Process(int((cluster / "postmaster.pid").read_text().split()[0]))

    @contextmanager
    def frozen(self):
        self._tell(signal.SIGSTOP)
        try:
            yield
        finally:
            self._tell(signal.SIGCONT)

    def _tell(self, number: int) -> None:
        for process in [self._server, *self._server.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)


@pytest.fixture(scope="module")
def database():
    return Database()


@pytest.fixture(scope="module")
def stack(database, tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("frozen"), DATABASE_URL=database.url) as running:
        yield running


def submit(stack, film: Path) -> str:
    with film.open("rb") as file:
        answer = http.post(f"{stack.url}/jobs", files={"file": file})
    assert answer.status_code == 202, answer.text
    return stack.url + answer.headers["Location"]


def test_requests_are_told_to_come_back_and_the_encode_goes_on(database, stack, media):
    job = submit(stack, media / "street.mp4")
    eventually(stack.ffmpegs, 120, lambda: stack.logs("worker"))
    asks = [{}, {"If-None-Match": '"1"'}, {"Prefer": "wait=30"}]
    with database.frozen(), ThreadPoolExecutor(AT_ONCE * len(asks)) as crowd:
        polls = [crowd.submit(http.get, job, headers=ask, timeout=120) for ask in asks for _ in range(AT_ONCE)]
        answers = [poll.result() for poll in polls]
        assert http.get(f"{stack.url}/healthz").status_code == 200
        eventually(lambda: not stack.ffmpegs(), 240, lambda: stack.logs("worker"))
        time.sleep(1)
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["code"] for answer in answers} == {"unavailable"}
    assert all("Retry-After" in answer.headers for answer in answers)
    done = eventually(lambda: (told := http.get(job).json()).get("is_final") and told, 120)
    assert (done["state"], done["attempt"]) == ("completed", 1)
