"""What a poll of a finished job costs the running web process, beside `/healthz`, which asks nobody anything.

    python benchmarks/polls.py [REQUESTS]

CPU of the web process, so that load on the machine matters less. Aimed at: a poll of a finished job reaches 0.8 of
the rate of `/healthz`, and an answer of 304 costs less than half of that of 200.
"""

import http.client
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.product import Product, serving, settled

ROUND = 50  # requests, of each kind in turn


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with settled(), serving() as product:
        from tests.builders import completed_job

        path = f"/jobs/{completed_job().id}"
        kinds = {"/healthz": ("/healthz", {}), "finished, 200": (path, {})}
        kinds["finished, 304"] = (path, known(product, path))
        spent = dict.fromkeys(kinds, 0.0)
        ask(product, *kinds["finished, 200"])
        for _ in range(count // ROUND):
            for kind, request in kinds.items():
                spent[kind] += ask(product, *request)
    print("| request | CPU, ms | rate, of /healthz |\n|---|---|---|")
    for kind, seconds in spent.items():
        print(f"| {kind} | {1000 * seconds / count:.2f} | {spent['/healthz'] / seconds:.2f} |")


def known(product: Product, path: str) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", product.port)
    connection.request("GET", path)
    return {"If-None-Match": connection.getresponse().headers["ETag"]}


def ask(product: Product, path: str, headers: dict[str, str]) -> float:
    """Seconds of CPU that so many requests on one connection cost."""
    connection = http.client.HTTPConnection("127.0.0.1", product.port)
    before = sum(product.web.cpu_times()[:2])
    for _ in range(ROUND):
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
    connection.close()
    return sum(product.web.cpu_times()[:2]) - before


if __name__ == "__main__":
    main()
