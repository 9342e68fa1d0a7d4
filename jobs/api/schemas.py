"""The documents of the contract, as types: what is sent is what is described."""

from collections.abc import Callable
from typing import Any, NotRequired, TypeVar

from ninja import Field, Schema
from typing_extensions import TypedDict

from jobs.batches.ids import BatchId
from jobs.documents import Snapshot
from jobs.states import State

F = TypeVar("F", bound=Callable[..., Any])


class Problem(TypedDict):
    """RFC 9457, with our own: `message` says to a person what to do. Further members depend on the code."""

    type: str
    title: str
    status: int
    detail: str
    message: str
    code: str
    retryable: bool
    instance: NotRequired[str]
    fields: NotRequired[dict[str, str]]
    differs: NotRequired[list[str]]
    max_bytes: NotRequired[int]
    smallest_bytes: NotRequired[int]
    retry: NotRequired[str | None]
    job: NotRequired[Snapshot]


class JobPage(TypedDict):
    """`next` is the address of the following page, null on the last."""

    jobs: list[Snapshot]
    next: str | None


class EstimateInfo(TypedDict):
    """About what will come of a video. `bytes` of the result and `seconds` of work are `[low, high]`.

    Both are null where it cannot be known; then `reason` is `no_duration`, `no_picture`, `no_such_part` or
    `limit_too_small`, and `detail` is a sentence. `from_jobs` is how many of this server's own jobs it
    rests on; 0: on the makers' benchmarks. With `is_probably_small` the result will rather be the original.
    """

    bytes: list[int] | None
    seconds: list[int] | None
    is_probably_small: bool
    from_jobs: int
    reason: str | None
    detail: str | None


class Wait(TypedDict):
    """Until the first would begin; null while nobody knows, and then `wait_reason` is `paused` or `no_worker`."""

    wait_seconds: int | None
    wait_reason: str | None
    wait_detail: str | None


class Estimates(EstimateInfo, Wait):
    """Of all together, which may be one, and of each; and how long they would wait."""

    videos: list[EstimateInfo]


class RecipeSummary(TypedDict):
    name: str
    title: str
    summary: str
    expected_saving: str
    pace: str


class RecipeList(TypedDict):
    recipes: list[RecipeSummary]
    options: dict[str, Any]
    max_upload_bytes: int


class Chosen(Schema):
    """Body of `POST /jobs/{id}/choose`."""

    quality: int


class Listing(Schema):
    """Query of `GET /jobs`."""

    client_job_id: str | None = None
    state: State | None = None
    batch: str | None = Field(None, pattern=f"^{BatchId.regex}$")
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)
