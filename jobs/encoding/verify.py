"""Exit 0 is not success: a result counts once it was read through, decoded in parts or whole, and found complete.

The clock is the picture's own: how many pictures, and from when to when they are shown. What a source lost is what
should have been there and was not, by its packets and bytes; no track beside the picture and no header counts.
"""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import ffmpeg

from jobs import errors
from jobs.encoding.command import compiled
from jobs.encoding.encode import Encoded, megapixels
from jobs.encoding.media import MediaInfo
from jobs.encoding.options import Options
from jobs.encoding.picture import is_faster_than_asked, read
from jobs.encoding.probe import UNREADABLE, Tick, inspect
from jobs.encoding.session import EncodeSession, RunResult
from jobs.encoding.stills import Album, Stills, decoded
from jobs.encoding.tracks import Track

logger = logging.getLogger(__name__)

SHORTEST_KEPT = 0.5  # of the source; below it the source is damaged beyond use
TOLERANCE = 0.02  # seconds, and a picture: Matroska's times are whole milliseconds
SOUND_LOSS_WORTH_SAYING = 0.01
EMPTY = 2  # packets: a recorder without a microphone may write so many, from which no sound comes
# The sink on times, the reader on chapters, and H.265 of which all but the key frames are left out; decoders decide.
IGNORED = re.compile(
    r"^\[(null|in#)[^]]*\]|^\[hevc[^]]*\] Duplicate POC in a sequence|^ +Last message repeated \d+ times"
)
DECODE_COST = 0.0005  # seconds per million pixels, of key frames and the last second


def verify(session: EncodeSession, encoded: Encoded) -> tuple[MediaInfo, list[str], Stills]:
    """The result as it is, what a person should know of it, and stills. Raises ResultInvalid or DamagedSource.

    What was measured has been decoded to the last frame already, and mostly has its stills. Else they are taken in the
    run that decodes it: all of a brief one, while it is inspected, else the key frames and the end.
    """
    session.enter("verify", verify_seconds(session.options, session.media))
    album, is_brief = Album(session.args, session.workdir), session.media.is_brief
    looks = not encoded.has_stills
    if looks:
        album.discard_made()
    found, complaints = _probe_brief(session, encoded, album) if looks and is_brief else (_probe(session, encoded), [])
    _check_streams(encoded, found)
    lost = _lost(session, encoded)
    if lost > 1 - SHORTEST_KEPT:
        raise errors.DamagedSource(f"{lost:.0%} of it cannot be read. {errors.DamagedSource.advice}", log=encoded.log)
    _check_clock(session, encoded, found, is_whole=lost == 0)
    if looks and not is_brief:
        complaints = _look(session, encoded, album.of_result(encoded.path, found))
    if complaints:
        raise errors.ResultInvalid(log="\n".join([*complaints, encoded.log]))
    notes = [f"The video is damaged: {_percent(lost)} of it could not be read."] if lost else []
    return found, notes + _lost_sound(session, encoded), album.taken(found)


def verify_seconds(options: Options, media: MediaInfo) -> float:
    return DECODE_COST * megapixels(options, media)


def _probe_brief(session: EncodeSession, encoded: Encoded, album: Album) -> tuple[MediaInfo, list[str]]:
    """It is decoded meanwhile, and there is no time for signs of life."""
    with ThreadPoolExecutor(1) as beside:
        probing = beside.submit(_probe, session, encoded, tick=lambda: True)
        complaints = _look(session, encoded, album.of_brief(encoded.path))
        return probing.result(), complaints


def _probe(session: EncodeSession, encoded: Encoded, tick: Tick | None = None) -> MediaInfo:
    try:
        return inspect(encoded.path, tick or session.is_wanted, session.args.nice)
    except UNREADABLE as failure:
        raise errors.ResultInvalid(log=f"{failure.log}\n{encoded.log}") from failure


def _check_streams(encoded: Encoded, found: MediaInfo) -> None:
    wanted = {kind: encoded.tracks.count(kind) for kind in "asv"}
    wanted["a"] -= len(_empty_sounds(encoded))
    have = {"a": len(found.sounds), "s": len(found.subtitles), "v": int(found.cover is not None)}
    if wanted != have:
        raise errors.ResultInvalid(log=f"Wanted streams {wanted}, made {have}.\n{encoded.log}")


def _lost(session: EncodeSession, encoded: Encoded) -> float:
    """The share of what should be there and is not: bytes that a file announces, frames that made no sense."""
    media, decoded = session.media, encoded.account.streams.get(session.media.video_stream)
    is_within = media.ends is not None  # what is missing comes after such a part
    share = 1.0 if is_within or media.share_there >= 1 - 1e-3 else media.share_there
    if decoded is None or not media.frames or not (decoded.errors or media.missing):
        return 1 - share
    undecoded = media.frames - encoded.frames if decoded.errors else 0
    if is_faster_than_asked(session.options, media):
        undecoded = decoded.errors
    lost = max(0, undecoded) + media.missing
    return 1 - share * (1 - min(1.0, lost / (media.frames + media.missing)))


def _check_clock(session: EncodeSession, encoded: Encoded, found: MediaInfo, *, is_whole: bool) -> None:
    """Every frame that the encoder took in is there; of a whole source, over the same time."""
    media = session.media
    seen = f"{found.frames} of {encoded.frames} frames, {found.duration} of {media.duration} s"
    if found.frames != encoded.frames or found.share_there < 1:
        raise errors.ResultInvalid(log=f"Found {seen}.\n{encoded.log}")
    if not (is_whole and media.duration and media.is_monotonic) or media.has_jumps:
        return
    frame = 1 / min(session.options.max_fps or 1000, media.peak_fps or 1000)
    if abs(media.duration - (found.duration or 0.0)) > TOLERANCE + frame:
        raise errors.ResultInvalid(log=f"Found {seen}.\n{encoded.log}")


def _look(session: EncodeSession, encoded: Encoded, stills: list[Any]) -> list[str]:
    """What ffmpeg complains of while it takes stills of the result and decodes it; that it cannot take one is no
    complaint, nor is anything of a result that was measured.
    """
    checks = [decoded(part["v:0"]) for part in _parts(session, encoded.path)] if encoded.vmaf is None else []
    try:
        run = _run(session, stills if session.media.is_brief else [*checks, *stills])
    except (errors.EncodeFailed, errors.OutOfRoom) as failure:
        logger.warning("Not all stills of %s: %s", session.args.source, failure.log)
        if not checks:
            return []
        try:
            run = _run(session, checks)
        except errors.EncodeFailed as unreadable:
            raise errors.ResultInvalid(log=f"{unreadable.log}\n{encoded.log}") from unreadable
    return [line for line in run.log.splitlines() if not IGNORED.search(line)] if checks else []


def _run(session: EncodeSession, outputs: list[Any]) -> RunResult:
    expected = verify_seconds(session.options, session.media)
    argv = compiled(ffmpeg.merge_outputs(*outputs), "error")
    return session.run(argv, "verify", media_seconds=None, expected=expected)


def _parts(session: EncodeSession, path: Path) -> tuple[Any, Any]:
    options = session.args.decoder_options
    return read(path, skip_frame="nokey", **options), read(path, sseof=-1, **options)


def _empty_sounds(encoded: Encoded) -> list[Track]:
    """Those of which the result has nothing: it could not be decoded, or none was there, as in a part without it."""
    tracks = enumerate(encoded.tracks.tracks, start=1)  # the picture is 0
    return [track for at, track in tracks if track.kind == "a" and encoded.account.written.get(at) == 0]


def _lost_sound(session: EncodeSession, encoded: Encoded) -> list[str]:
    notes, empty = [], _empty_sounds(encoded)
    for track in encoded.tracks.tracks:
        told = encoded.account.streams.get(track.index)
        if track.kind != "a" or track.options["c"] == "copy" or not told:
            continue
        if track in empty and (told.errors or (told.packets > EMPTY and not session.media.is_trimmed)):
            notes.append("A sound track is damaged: nothing of it could be read, and it was left out.")
        elif track not in empty and told.errors > SOUND_LOSS_WORTH_SAYING * told.packets:
            notes.append(f"The sound is damaged: {_percent(told.errors / told.packets)} of it could not be read.")
    return notes


def _percent(share: float) -> str:
    return "less than 1%" if share < 0.01 else f"{share:.0%}"
