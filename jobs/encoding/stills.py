"""Still pictures for the page: a poster, and pairs of frames at the same instants.

Those of the source are what the encoder is fed, taken in its own run. So are those of the result, where that run
decodes it to measure it; else they are taken in the run that checks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import ffmpeg

from jobs.encoding.args import EncodeArgs
from jobs.encoding.colour import TONE_MAP, Filter, named
from jobs.encoding.cuts import WHOLE, Stretch
from jobs.encoding.media import MediaInfo
from jobs.encoding.picture import apply, read, target_height

POSTER_AT = 0.1  # of the duration
PAIRS_AT = (0.25, 0.5, 0.75)
JPEG = {"update": 1, "q:v": 3, "f": "image2", "c:v": "mjpeg", "fps_mode": "vfr"}  # of -q:v, 2 is best
LARGEST_WIDTH = 1280  # pixels
FULL_WIDTH = 3840  # pixels, of one pair: by it a loss is seen that scaling would hide
FULL_PAIR = 1  # its number
POSTER_WIDTH = 384  # pixels: it stands in a corner of a card, on a screen with up to three for one
ONE: list[Filter] = [("trim", (), {"end_frame": 1}), ("setpts", ("0",), {})]  # before 0, ffmpeg would drop it
FOR_JPEG: list[Filter] = [
    ("scale", (), {"out_range": "pc", "out_color_matrix": "bt601"}),
    ("format", ("yuvj420p",), {}),
]


@dataclass(frozen=True)
class Stills:
    """JPEG files: what stands for the result, and the same instants of source and result."""

    poster: Path | None = None
    frames: tuple[tuple[Path, Path], ...] = ()

    def files(self) -> dict[str, Path]:
        """By the names under which `as_dict` speaks of them."""
        posters = [self.poster] if self.poster else []
        return {path.name: path for path in (*posters, *chain.from_iterable(self.frames))}

    def as_dict(self) -> dict[str, Any]:
        frames = [{"source": source.name, "result": result.name} for source, result in self.frames]
        return {"poster": self.poster.name if self.poster else None, "frames": frames}


@dataclass(frozen=True)
class Album:
    """Which stills are taken of a job, and where they lie."""

    args: EncodeArgs
    workdir: Path

    @property
    def instants(self) -> list[float]:
        """Seconds from the start of the picture; none where nobody knows its length."""
        media = self.args.media
        return sorted(set(map(media.instant, PAIRS_AT))) if media.duration else []

    def of_source(self, stretch: Stretch = WHOLE) -> dict[Path, list[Filter]]:
        """By file, what makes it of the picture that the encoder is fed, of all or of a stretch.

        The first of all comes before: where a damaged source ends early and none came, ffmpeg would end as failed.
        """
        starts_at = self.args.media.starts_at
        return {
            still: [self._first_from(starts_at + second, "isnan(prev_t)+"), *self._small(still)]
            for number, second in enumerate(self.instants)
            if stretch.holds(starts_at + second)
            for still in [self._file(number, "source")]
        }

    def of_made(self) -> dict[Path, list[Filter]]:
        """By file, what makes it of all pictures of the result. Of it nothing need be known, not even its end:
        the first picture stands in for one beyond, until `taken` leaves it out.
        """
        from_zero: Filter = ("setpts", ("PTS-STARTPTS",), {})
        return {
            still: [from_zero, self._first_from(second, "isnan(prev_t)+"), *self._small(still)]
            for still, second in self._by_instant().items()
        }

    def discard_made(self) -> None:
        """Those of an earlier try, which may have been another picture."""
        for still in self._by_instant():
            still.unlink(missing_ok=True)

    def of_brief(self, path: Path) -> list[Any]:
        """Outputs of ffmpeg: all of a brief result is decoded, once."""
        picture = read(path)["v:0"]
        return [decoded(picture), *stills_of(picture, self.of_made())]

    def of_result(self, path: Path, found: MediaInfo) -> list[Any]:
        """Outputs of ffmpeg, which seeks each picture by itself."""
        return [self._alone(path, found, second, still) for still, second in self._wanted(found).items()]

    def of_frame(self, number: int) -> list[Filter]:
        """What makes a still of the picture of this number, of source and result alike, at full size."""
        return [("select", (f"eq(n,{number})",), {}), *self._scaled(FULL_WIDTH)]

    def taken(self, found: MediaInfo) -> Stills:
        """A job does not fail for want of a picture: those that could not be made are left out."""
        made = {still for still in self._wanted(found) if still.exists()}
        pairs = [(self._file(number, "source"), self._file(number, "result")) for number in range(len(self.instants))]
        whole = tuple((source, result) for source, result in pairs if source.exists() and result in made)
        posters = (self.workdir / "poster.jpg", self._file(0, "result"))
        return Stills(next((poster for poster in posters if poster in made), None), whole)

    def _by_instant(self) -> dict[Path, float]:
        """Of the result: files, and the instants that they show. For a brief one, the first of its pairs stands."""
        wanted = {self._file(number, "result"): second for number, second in enumerate(self.instants)}
        poster_at = self.args.media.instant(POSTER_AT)
        if wanted and not self.args.media.is_brief and poster_at not in self.instants:
            wanted[self.workdir / "poster.jpg"] = poster_at
        return wanted

    def _wanted(self, found: MediaInfo) -> dict[Path, float]:
        """As far as the result goes; a damaged source ends early."""
        end = (found.duration or 0.0) - found.last_frame
        return {still: second for still, second in self._by_instant().items() if self._shortly_before(second) < end}

    def _file(self, number: int, side: str) -> Path:
        return self.workdir / f"frame-{number + 1}-{side}.jpg"

    def _alone(self, path: Path, found: MediaInfo, second: float, still: Path) -> Any:
        """The one picture that is wanted, by one thread, since several inputs are open at a time.

        A key frame is sought from behind, where ffmpeg begins at the one before: mostly that one itself, and where its
        index says otherwise, an earlier one. Another picture is sought from before. MP4 alone is sought by when a
        picture is shown.
        """
        first = self._shortly_before(found.starts_at + second)
        if second in self.args.media.key_frames and self._has_key_frames_there():
            picture = read(path, ss=round(first + found.interval, 4), noaccurate_seek=None, threads=1)
            wanted: list[Filter] = [("select", (f"gte(t,{-found.interval:.4f})",), {}), *ONE]
        else:
            picture, wanted = read(path, ss=first, threads=1), ONE
        return jpeg(apply(picture["v:0"], [*wanted, *self._small(still, named(found))]), still)

    def _has_key_frames_there(self) -> bool:
        """The encoder was told where stills will be taken; SVT-AV1 does not listen."""
        return self.args.options.container == "mp4" and self.args.options.video_codec.name != "av1"

    def _first_from(self, second: float, also: str = "") -> Filter:
        at = self._shortly_before(second)
        return ("select", (f"{also}gte(t,{at})*not(gte(prev_t,{at}))",), {})

    def _small(self, still: Path, colours: Sequence[Filter] = ()) -> list[Filter]:
        return [*colours, *self._scaled(self._widest(still))]

    def _scaled(self, widest: int) -> list[Filter]:
        """HDR is mapped when it is small already."""
        maps = TONE_MAP if self.args.media.is_hdr and self.args.options.video_codec.keeps_hdr else []
        return [("scale", self._size(widest), {}), *maps, *FOR_JPEG]

    def _widest(self, still: Path) -> int:
        if still.name == "poster.jpg":
            return POSTER_WIDTH
        return FULL_WIDTH if still.name.startswith(f"frame-{FULL_PAIR + 1}-") else LARGEST_WIDTH

    def _size(self, widest: int) -> tuple[int, int]:
        """Of both pictures of a pair, so that they cover each other. JPEG takes no picture that changes its shape."""
        media, height = self.args.media, target_height(self.args.options, self.args.media)
        wide = media.width * height / media.height
        width = min(widest, max(2, round(wide / 2) * 2))
        return width, max(2, round(height * width / wide / 2) * 2)

    def _shortly_before(self, second: float) -> float:
        return round(max(0.0, second - self.args.media.interval / 2), 4)


def decoded(picture: Any) -> Any:
    """An output of ffmpeg that drops what was decoded."""
    return ffmpeg.output(picture, "-", f="null", fps_mode="passthrough", enc_time_base="demux")


def stills_of(picture: Any, stills: Mapping[Path, Sequence[Filter]]) -> list[Any]:
    """Outputs of ffmpeg, each of them made by its filters."""
    copies = picture.filter_multi_output("split")
    return [jpeg(apply(copies[number], chain), still) for number, (still, chain) in enumerate(stills.items())]


def jpeg(picture: Any, target: Path) -> Any:
    return ffmpeg.output(picture, str(target), **JPEG)
