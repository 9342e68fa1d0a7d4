"""The public document of a job, as types down to its leaves: what is sent is what is described."""

from typing_extensions import TypedDict


class PieceProgress(TypedDict):
    """Of a film that is made in pieces: how many are done of how many. Fractions are of the film.

    `kept` is what was done already when the work last went on after it had been interrupted; `cells` is how much of
    each stretch is made, at most 60 of equal numbers of pieces, in the order of the film.
    """

    done: int
    total: int
    kept: float
    cells: list[float]


class Progress(TypedDict):
    """How far a running job is. What cannot be known is null.

    `phase` is `inspect`, `search`, `analyze`, `encode`, `verify` or `publish`, and at any time `paused`: the disk is
    nearly full, and the job goes on by itself when there is room. `expected_bytes` is the size that the result is
    heading for: known once samples were made, and corrected as more of it is there.
    """

    phase: str
    fraction: float | None
    fps: float | None
    speed: float | None
    eta_seconds: float | None
    bytes: int | None
    expected_bytes: int | None
    pieces: PieceProgress | None


class RecipeInfo(TypedDict, total=False):
    """The recipe's name and the options that apply to this job; `start` and `end` are in seconds.

    `preset` is the name by which they were chosen.
    """

    name: str
    preset: str
    limit_bytes: int
    max_height: int
    max_fps: int
    codec: str
    container: str
    quality: int
    try_first: str
    audio: str
    audio_kbps: int
    metadata: str
    start: float
    end: float


class SoundInfo(TypedDict):
    """One audio track. `language` is ISO 639, empty where nobody said; `bit_rate` is in bits per second."""

    codec: str
    channels: int
    language: str
    title: str
    bit_rate: int | None


class SubtitleInfo(TypedDict):
    codec: str
    language: str
    title: str


class SourceInfo(TypedDict, total=False):
    """The file in. `size` is always there, the rest from when a worker has looked at it.

    `width` and `height` are as displayed, in pixels; `duration` is in seconds. `filmed_at` is what the file itself
    says: RFC 3339, with the offset of the place, or with `Z` where nobody knows that.
    """

    size: int
    container: str
    duration: float | None
    width: int
    height: int
    rotation: int
    fps: float | None
    frames: int | None
    video_codec: str
    bit_depth: int
    is_hdr: bool
    is_interlaced: bool
    has_alpha: bool
    audio_codecs: list[str]
    sounds: list[SoundInfo]
    subtitles: list[SubtitleInfo]
    chapters: int
    filmed_at: str | None


class PicturePair(TypedDict):
    """The same instant before and after."""

    source: str
    result: str


class Pictures(TypedDict):
    """Addresses of stills."""

    poster: str | None
    frames: list[PicturePair]


class Choice(TypedDict):
    """A quality (VMAF) that is offered, what the whole result would take, about, and one instant of it."""

    quality: int
    expected_bytes: int
    pictures: PicturePair | None


class ResultInfo(TypedDict):
    """The file out. `vmaf` is null where it was not measured; `notes` say what could not be kept.

    `vmaf_lowest` is that of the lowest piece, null where it was compressed whole.
    """

    size: int
    url: str
    filename: str
    content_type: str
    saved_fraction: float | None
    duration: float | None
    width: int | None
    height: int | None
    fps: float | None
    video_codec: str | None
    audio_codecs: list[str]
    is_hdr: bool
    crf: float | None
    vmaf: float | None
    vmaf_lowest: float | None
    notes: list[str]
    pictures: Pictures


class Failure(TypedDict):
    code: str
    title: str
    detail: str
    message: str
    retryable: bool


class Links(TypedDict):
    """Where to go from here; null where that is not possible now.

    `another` takes a `POST` with `source_of` and another recipe, while the source is kept; `delete_source` a `DELETE`.
    """

    self: str
    watch: str
    events: str
    result: str | None
    cancel: str | None
    delete: str | None
    delete_source: str | None
    another: str | None
    first: str | None
    last: str | None
    hold: str | None
    release: str | None
    choose: str | None
    retry: str | None
    upload: str | None


class Snapshot(TypedDict):
    """The public document of a job. A client drops one whose `revision` is lower than it has seen.

    `last_modified` is what was sent with the submission.
    `source_expires_at` is when the source of a job that has ended is deleted; null: it is deleted, or needed still.
    `source_of` is the job that was named as such when this one was submitted. `choices` are there while it waits for
    one of them to be chosen, until `expires_at`.
    """

    id: str
    client_job_id: str | None
    state: str
    is_final: bool
    revision: int
    attempt: int
    recipe: RecipeInfo
    batch: str | None
    folder: str | None
    filename: str
    last_modified: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    expires_at: str | None
    source_expires_at: str | None
    source_of: str | None
    outcome: str | None
    position: int | None
    is_held: bool
    choices: list[Choice] | None
    progress: Progress | None
    received_bytes: int | None
    source: SourceInfo
    result: ResultInfo | None
    error: Failure | None
    links: Links


class BatchCounts(TypedDict):
    """How many jobs of a batch are in which state."""

    uploading: int
    queued: int
    running: int
    completed: int
    failed: int
    canceled: int
    expired: int


class BatchLinks(TypedDict):
    """As `Links`. `results` is the ZIP, null while there is nothing to put into it."""

    self: str
    watch: str
    jobs: str
    results: str | None
    cancel: str | None
    retry: str | None
    clear: str | None
    delete: str | None


class BatchSnapshot(TypedDict):
    """The public document of a batch: of the jobs that are known now, since more may come.

    `bytes` is of all sources but those that were canceled, and `fraction` is by them. `eta_seconds` is until all is
    done, null where nobody can know: while one is being uploaded, or is on hold. The other bytes are of the jobs that
    were completed.
    """

    id: str
    is_final: bool
    jobs: int
    counts: BatchCounts
    bytes: int
    fraction: float
    eta_seconds: float | None
    source_bytes: int
    result_bytes: int
    saved_bytes: int
    saved_fraction: float | None
    links: BatchLinks
