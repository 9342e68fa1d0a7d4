"""A tus client that does as it is told, right or wrong: for tests of what the server answers."""

import base64
import http.client
import json
import uuid
from dataclasses import dataclass
from typing import Any

OCTETS = "application/offset+octet-stream"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        return self.headers.get(name.lower())

    @property
    def offset(self) -> int:
        return int(self.headers["upload-offset"])

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of a problem document."""
        assert self["content-type"] == "application/problem+json", (self.status, self.headers, self.body)
        return self.json["code"]


class Tus:
    def __init__(self, server):
        self.server = server

    def ask(self, method: str, path: str, body: Any = None, **headers: Any) -> Answer:
        """`Tus_Resumable=None` leaves a header out; underscores stand for hyphens."""
        fields = {"Tus-Resumable": "1.0.0"} | {k.replace("_", "-"): v for k, v in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            fields = {name: str(value) for name, value in fields.items() if value is not None}
            connection.request(method, path, body=body, headers=fields)
            response = connection.getresponse()
            lowered = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, lowered, response.read())
        finally:
            connection.close()

    def create(self, length: int, metadata: dict[str, str] | None = None, body: Any = None, **headers: Any) -> Answer:
        metadata = {"filename": "film.mp4", "client_job_id": str(uuid.uuid4())} if metadata is None else metadata
        if body is not None:
            headers.setdefault("Content_Type", OCTETS)
        fields = {"Upload_Length": length, "Upload_Metadata": encode(metadata)} | headers
        return self.ask("POST", "/uploads/", body, **fields)

    def upload(self, length: int, **metadata: str) -> str:
        """The path of a new upload."""
        answer = self.create(length, **({"metadata": metadata} if metadata else {}))
        assert answer.status == 201, answer
        return answer["location"]

    def patch(self, path: str, offset: int, body: Any, **headers: Any) -> Answer:
        headers = {"Content_Type": OCTETS, "Upload_Offset": offset} | headers
        return self.ask("PATCH", path, body, **headers)

    def head(self, path: str, **headers: Any) -> Answer:
        return self.ask("HEAD", path, **headers)

    def job(self, path: str) -> dict[str, Any]:
        return self.ask("GET", path.replace("/uploads/", "/jobs/")).json


def encode(metadata: dict[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
