"""Exit 0 is not success: a result counts once it was opened, decoded to its last frame and found whole."""

from jobs import errors
from jobs.encoding.command import decode_command
from jobs.encoding.encode import Encoded, megapixels
from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.probe import inspect
from jobs.encoding.session import EncodeSession

SHORTEST_KEPT = 0.5  # of the duration or the frames; below it the source is damaged beyond use
LOSS_WORTH_SAYING = 0.05
TOLERANCE = 0.1  # seconds
IGNORED_WARNINGS = ("[null @", "[in#")  # the sink on times, the reader on chapters; decoders decide
DECODE_COST = 0.004  # seconds per million pixels


def verify(session: EncodeSession, encoded: Encoded) -> tuple[MediaInfo, list[str]]:
    """The result as it is, and what a person should know of it. Raises ResultInvalid or DamagedSource."""
    found = _probe(session, encoded)
    _check_streams(encoded, found)
    notes = _losses(session, encoded)
    _check_frames(session, encoded, found)
    return found, notes


def verify_seconds(options: Options, media: MediaInfo) -> float:
    return DECODE_COST * megapixels(options, media)


def _probe(session: EncodeSession, encoded: Encoded) -> MediaInfo:
    try:
        return inspect(encoded.path, session.is_wanted)
    except (errors.NotAVideo, errors.AudioOnly, errors.SourceTooDemanding) as failure:
        raise errors.ResultInvalid(log=encoded.log) from failure


def _check_streams(encoded: Encoded, found: MediaInfo) -> None:
    wanted = {kind: encoded.tracks.count(kind) for kind in "asv"}
    have = {"a": len(found.sounds), "s": len(found.subtitles), "v": int(found.cover is not None)}
    if wanted != have:
        raise errors.ResultInvalid(log=f"Wanted streams {wanted}, made {have}.\n{encoded.log}")


def _losses(session: EncodeSession, encoded: Encoded) -> list[str]:
    """What of a damaged source could not be read, by its own word on how long it is."""
    media = session.media
    if not media.duration:
        return []
    kept = min(encoded.seconds / _declared_seconds(media), _frames_kept(session, encoded))
    if kept < SHORTEST_KEPT:
        raise errors.DamagedSource(log=encoded.log)
    if 1 - kept > LOSS_WORTH_SAYING:
        return [f"The video is damaged: {1 - kept:.0%} of it could not be read."]
    return []


def _declared_seconds(media: MediaInfo) -> float:
    """A cut-off AVI has the duration of what is left, but still counts the frames that it once had."""
    by_frames = media.frames / media.fps if media.frames and media.fps else 0.0
    return max(media.duration or 0.0, by_frames)


def _frames_kept(session: EncodeSession, encoded: Encoded) -> float:
    media = session.media
    if session.options.max_fps or not media.frames or "mp4" not in media.container:
        return 1.0  # other containers count frames that were never there
    return encoded.frames / media.frames


def _check_frames(session: EncodeSession, encoded: Encoded, found: MediaInfo) -> None:
    """Every frame that the encoder took in comes out again, without a complaint, over the same time."""
    sounds = [track for track in encoded.tracks.tracks if track.kind == "a"]
    reencoded = [f"a:{number}" for number, sound in enumerate(sounds) if sound.options["c"] != "copy"]
    argv = decode_command(encoded.path, ["v:0", *reencoded])
    expected = verify_seconds(session.options, session.media)
    run = session.run(argv, "verify", media_seconds=encoded.seconds, expected=expected)
    frame = 1 / found.fps if found.fps else TOLERANCE
    short = encoded.seconds - (found.duration or 0)
    complaints = [line for line in run.log.splitlines() if not line.startswith(IGNORED_WARNINGS)]
    if run.reading.frames != encoded.frames or complaints or short > max(frame, TOLERANCE):
        seen = f"{run.reading.frames} of {encoded.frames} frames, {found.duration} of {encoded.seconds} s"
        raise errors.ResultInvalid(log=f"Decoded {seen}.\n{run.log}\n{encoded.log}")
