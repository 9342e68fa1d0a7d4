"""Exit 0 is not success: a result counts once it was opened, decoded to its last frame and found whole."""

from jobs import errors
from jobs.encoding.assignment import Assignment
from jobs.encoding.command import decode_command
from jobs.encoding.encode import Made, megapixels
from jobs.encoding.media import MediaInfo
from jobs.encoding.order import Order
from jobs.encoding.probe import inspect

SHORTEST_KEPT = 0.5  # of the duration or the frames; below it the source is damaged beyond use
LOSS_WORTH_SAYING = 0.05
TOLERANCE = 0.1  # seconds
BESIDE_THE_POINT = ("[null @", "[in#")  # the sink on times, the reader on chapters; decoders decide
DECODE_COST = 0.004  # seconds per million pixels


def verify(assignment: Assignment, made: Made) -> tuple[MediaInfo, list[str]]:
    """The result as it is, and what a person should know of it. Raises ResultInvalid or DamagedSource."""
    found = _probe(made)
    _check_streams(made, found)
    said = _losses(assignment, made)
    _check_frames(assignment, made, found)
    return found, said


def verify_seconds(order: Order, media: MediaInfo) -> float:
    return DECODE_COST * megapixels(order, media)


def _probe(made: Made) -> MediaInfo:
    try:
        return inspect(made.path)
    except errors.JobFailure as failure:
        raise errors.ResultInvalid(log=made.log) from failure


def _check_streams(made: Made, found: MediaInfo) -> None:
    wanted = {kind: made.tracks.count(kind) for kind in "asv"}
    have = {"a": len(found.sounds), "s": len(found.subtitles), "v": int(found.cover is not None)}
    if wanted != have:
        raise errors.ResultInvalid(log=f"Wanted streams {wanted}, made {have}.\n{made.log}")


def _losses(assignment: Assignment, made: Made) -> list[str]:
    """What of a damaged source could not be read, by its own word on how long it is."""
    media = assignment.media
    if not media.duration:
        return []
    kept = min(made.seconds / _declared_seconds(media), _frames_kept(assignment, made))
    if kept < SHORTEST_KEPT:
        raise errors.DamagedSource(log=made.log)
    if 1 - kept > LOSS_WORTH_SAYING:
        return [f"The video is damaged: {1 - kept:.0%} of it could not be read."]
    return []


def _declared_seconds(media: MediaInfo) -> float:
    """A cut-off AVI has the duration of what is left, but still counts the frames that it once had."""
    by_frames = media.frames / media.fps if media.frames and media.fps else 0.0
    return max(media.duration or 0.0, by_frames)


def _frames_kept(assignment: Assignment, made: Made) -> float:
    media = assignment.media
    if assignment.order.max_fps or not media.frames or "mp4" not in media.container:
        return 1.0  # other containers count frames that were never there
    return made.frames / media.frames


def _check_frames(assignment: Assignment, made: Made, found: MediaInfo) -> None:
    """Every frame that the encoder took in comes out again, without a complaint, over the same time."""
    sounds = [track for track in made.tracks.tracks if track.kind == "a"]
    encoded = [f"a:{number}" for number, sound in enumerate(sounds) if sound.options["c"] != "copy"]
    argv = decode_command(made.path, ["v:0", *encoded])
    expected = verify_seconds(assignment.order, assignment.media)
    run = assignment.run(argv, "verify", media_seconds=made.seconds, expected=expected)
    frame = 1 / found.fps if found.fps else TOLERANCE
    short = made.seconds - (found.duration or 0)
    complaints = [line for line in run.log.splitlines() if not line.startswith(BESIDE_THE_POINT)]
    if run.reading.frames != made.frames or complaints or short > max(frame, TOLERANCE):
        seen = f"{run.reading.frames} of {made.frames} frames, {found.duration} of {made.seconds} s"
        raise errors.ResultInvalid(log=f"Decoded {seen}.\n{run.log}\n{made.log}")
