"""The method `size`: the best picture that fits into so many bytes. Two passes, repeated until it does.

1. The sound gets a share of the bits, the picture the rest, and only so many pixels as that rest can paint.
2. One pass looks, the second spends. What came out corrects the rate, and the second pass runs again where
   the result is over the limit, or far enough under it that the picture could have been better.
3. The largest result that fits is kept. None is ever over the limit.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from jobs import errors
from jobs.encoding.command import first_pass_command
from jobs.encoding.encode import Encoded, encode_seconds, encode_whole
from jobs.encoding.media import MediaInfo
from jobs.encoding.methods.search import likely_again
from jobs.encoding.options import Options
from jobs.encoding.picture import target_height
from jobs.encoding.session import EncodeSession
from jobs.encoding.tracks import Tracks, plan_tracks

AIM = 0.975  # of the limit
FULL = 0.94  # of the limit; from here on it is not worth running again
ROUNDS = 5
HEIGHTS = (2160, 1440, 1080, 720, 540, 480, 360, 240, 144)
DENSE_ENOUGH = 0.045  # bits per pixel; H.264 below it shows blocks, and fewer pixels look better
FEWEST_BITS = 0.02  # per pixel, at the lowest height: below it there is no picture
SOUND_KBPS = (128, 96, 64, 48, 32, 16)
SOUND_SHARE = 0.2  # of all bits at most, where the steps allow it
CONTAINER_BYTES = 2_000
BYTES_PER_FRAME = 16  # the container's own, for sample tables
BYTES_PER_SOUND_SECOND = 400
COVER_SHARE = 0.1  # of the limit at most; a larger cover is left out
FIRST_PASS = 0.4  # of the cost of the second


@dataclass(frozen=True)
class Budget:
    """How the bytes are spent: `video_bps` in bits per second, `height` in pixels."""

    video_bps: float
    audio_kbps: int | None
    height: int


def fit_into_size(session: EncodeSession) -> Encoded | None:
    """None: the source fits as it is. Raises LimitTooSmall, naming the smallest limit that can be kept."""
    options, media = session.options, session.media
    limit = options.limit_bytes or 0
    if media.size <= limit and not options.changes_more:
        return None
    limit = min(limit, media.size)
    with_cover = media.cover is not None and media.cover.size <= COVER_SHARE * limit
    room = limit - (media.cover.size if media.cover and with_cover else 0)
    budget = plan_budget(options, media, room)
    session.args = replace(session.args, options=replace(options, max_height=budget.height))
    tracks = plan_tracks(options, media, budget.audio_kbps, with_cover=with_cover)
    return _Fitting(session, tracks, limit).run(budget.video_bps)


def plan_budget(options: Options, media: MediaInfo, limit: int) -> Budget:
    has_sound = bool(media.sounds) and options.audio == "keep"
    needed = smallest_limit(options, media)
    if limit < needed:
        raise errors.LimitTooSmall(
            f"Below {needed / 1_000_000:.2f} MB no picture would be left. Ask for more than that, or drop the sound.",
            smallest_bytes=needed,
        )
    total = _bits_per_second(media, limit * AIM)
    audio = _sound_kbps(options, media, total) if has_sound else None
    video = total - (audio or 0) * 1000 * len(media.sounds)
    return Budget(video, audio, _height(options, media, video))


def smallest_limit(options: Options, media: MediaInfo) -> int:
    """The fewest bytes for which `plan_budget` finds a budget."""
    sounds = len(media.sounds) if options.audio == "keep" else 0
    least = FEWEST_BITS * _pixel_rate(options, media, _heights(options, media)[-1])
    bits = least + sounds * SOUND_KBPS[-1] * 1000
    return round((bits * (media.duration or 0) / 8 + _container_bytes(media)) / AIM) + 1


@dataclass
class _Fitting:
    session: EncodeSession
    tracks: Tracks
    limit: int

    def run(self, video_bps: float) -> Encoded:
        seconds = encode_seconds(self.session.options, self.session.media)
        self.session.estimator.expect(analyze=FIRST_PASS * seconds, encode=seconds)
        self.session.expect_bytes(AIM * self.limit)
        self._look(video_bps, FIRST_PASS * seconds)
        best: Encoded | None = None
        for number in range(ROUNDS):
            encoded = self._spend(video_bps, number)
            if encoded.size <= self.limit and (best is None or encoded.size > best.size):
                best = encoded
            if FULL * self.limit <= encoded.size <= self.limit:
                break
            video_bps = self._corrected(video_bps, encoded)
        if best is None:
            smallest = round(encoded.size * 1.05)
            raise errors.LimitTooSmall(smallest_bytes=smallest, log=encoded.log)
        return best

    def _look(self, video_bps: float, expected: float) -> None:
        argv = first_pass_command(self.session.args, self._rate(video_bps, 1))
        self.session.run(argv, "analyze", media_seconds=self.session.media.duration, expected=expected)

    def _spend(self, video_bps: float, number: int) -> Encoded:
        self.session.estimator.again = likely_again(number, ROUNDS)
        return encode_whole(self.session, self._rate(video_bps, 2), self.tracks, name=f"round-{number}")

    def _corrected(self, video_bps: float, encoded: Encoded) -> float:
        """What the picture may have, by what it took."""
        beside = self._beside()
        factor = (self.limit * AIM - beside) / max(1.0, encoded.size - beside)
        return video_bps * max(0.3, min(3.0, factor))

    def _beside(self) -> float:
        media = self.session.media
        kbps = sum(int(t.options["b"].removesuffix("k")) for t in self.tracks.tracks if "b" in t.options)
        cover = media.cover.size if media.cover and self.tracks.count("v") else 0
        return kbps * 125 * (media.duration or 0) + _container_bytes(media) + cover

    def _rate(self, video_bps: float, number: int) -> dict[str, object]:
        log: Path = self.session.workdir / "pass"
        return {"b": round(max(video_bps, 1000)), "pass": number, "passlogfile": str(log)}


def _bits_per_second(media: MediaInfo, size: float) -> float:
    return (size - _container_bytes(media)) * 8 / (media.duration or 1)


def _container_bytes(media: MediaInfo) -> float:
    duration = media.duration or 0
    sounds = BYTES_PER_SOUND_SECOND * len(media.sounds)
    return CONTAINER_BYTES + duration * (BYTES_PER_FRAME * (media.fps or 30) + sounds)


def _sound_kbps(options: Options, media: MediaInfo, total: float) -> int:
    """The best step that is at most a fifth of everything; the lowest, where none is."""
    wanted = min(options.audio_kbps or SOUND_KBPS[0], 512)
    share = total * SOUND_SHARE / len(media.sounds) / 1000
    return next((kbps for kbps in (wanted, *SOUND_KBPS) if kbps <= min(wanted, share)), SOUND_KBPS[-1])


def _height(options: Options, media: MediaInfo, video_bps: float) -> int:
    """The largest whose pixels get enough bits each; the smallest, where none does."""
    heights = _heights(options, media)
    dense = (height for height in heights if video_bps >= DENSE_ENOUGH * _pixel_rate(options, media, height))
    return next(dense, heights[-1])


def _heights(options: Options, media: MediaInfo) -> list[int]:
    largest = target_height(options, media)
    return [largest, *(height for height in HEIGHTS if height < largest)]


def _pixel_rate(options: Options, media: MediaInfo, height: int) -> float:
    fps = min(media.fps or 30.0, options.max_fps or 240)
    return media.pixels_at(height) * fps
