"""MediaInfo: what a file is. `jobs.inspection` finds its fields."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from jobs.encoding.colour_names import HDR_TRANSFERS, MATRICES, PRIMARIES, TRANSFERS
from jobs.encoding.streams import Chapter, Cover, Font, Sound, Subtitle

HD_HEIGHT, HD_WIDTH = 720, 1280  # from here on players take colours that nobody names for BT.709, below for BT.601
USUAL_FPS = 25
BRIEF = 10.0  # seconds
NEAR = 0.06  # of the duration
DAY = len("2024-05-01")


@dataclass(frozen=True)
class Cut:
    """A picture before which the film can be cut. Times are in seconds after the beginning of the file.

    `at` lies between the picture shown before it and `first`, its own time. `frames` are shown before it, `times` is
    the sum of theirs. A decoder that begins at `reads_from`, a key frame or the beginning, is sure of itself by then.
    """

    at: float
    first: float
    frames: int
    times: float
    reads_from: float
    is_key: bool = True


@dataclass(frozen=True)
class MediaInfo:
    """Times are the picture's own, as it is shown: edit lists applied, its clock's jumps taken out.

    `width` and `height` are as displayed, rotation applied. Times are in seconds; None is unknown.
    """

    container: str
    size: int
    duration: float | None
    width: int
    height: int
    rotation: int
    fps: float | None  # the mean
    frames: int | None  # those that a decoder should give
    video_codec: str
    pixel_format: str
    bit_depth: int = 8
    has_alpha: bool = False
    is_transparent: bool = False  # some of it can really be seen through
    is_rgb: bool = False
    is_interlaced: bool = False
    is_said_interlaced: bool = False  # by the container; its frames may be silent, and it may be wrong
    is_combed: bool = False  # found by looking, where only the container says so
    is_steady: bool = True  # every picture has the shape of the first
    is_variable: bool = False
    is_spherical: bool = False
    is_stereo: bool = False  # in 3D
    is_stereo_twice: bool = False  # by the container and within the picture, at which ffmpeg stumbles
    has_captions: bool = False  # within the picture, as television has them
    has_hdr10_plus: bool = False
    has_dolby_vision: bool = False
    primaries: str = ""  # ffmpeg's names; "" where nobody says
    transfer: str = ""
    matrix: str = ""
    tick: float = 0.0  # seconds; the file tells times in whole ones
    origin: float = 0.0  # what the file's own clock says at its beginning
    starts_at: float = 0.0  # after the beginning of the file, since sound may come first
    last_frame: float = 0.0  # how long the last picture is shown
    late_gap: float = 0.0  # the longest time from one of the last few pictures to the next
    peak_fps: float | None = None  # in the busiest second
    busiest: float = 0.0  # when the ten seconds with the most bytes begin, after the start of the picture
    missing: int = 0  # pictures that were there and cannot even be found: bytes between others make no sense
    has_jumps: bool = False
    is_monotonic: bool = True  # no two pictures at the same time
    share_there: float = 1.0  # of the bytes that the file announces
    needs_far_look: bool = False  # at its beginning, since a track begins late (`jobs.inspection.opening`)
    key_frames: tuple[float, ...] = ()  # some, spread over the whole
    keys: int = 0  # how many key frames there are, and their bytes
    key_bytes: int = 0
    cuts: tuple[Cut, ...] = ()
    times: float = 0.0  # of all pictures, their sum: in seconds after the beginning of the file
    part: Mapping[str, Any] | None = None  # fields of the same name, of the part of it that is wanted (`trim`)
    skipped: float = 0.0  # seconds of the file that come before it, from which its own times are counted
    begins: float | None = None  # between the last picture before it and its first; None: it has no picture before it
    ends: float | None = None  # between its last picture and the next; None: it has no picture after it
    reads_from: float = 0.0  # where a decoder has to begin, to be sure of itself at its first picture
    codec_headers: str = ""  # a digest of what a decoder is told beforehand: alike in what can be joined
    video_stream: int = 0
    sounds: tuple[Sound, ...] = ()
    subtitles: tuple[Subtitle, ...] = ()
    cover: Cover | None = None
    fonts: tuple[Font, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    creation_time: str = ""  # when it was filmed, in UTC; "" where nobody said
    creation_date: str = ""  # the same as it was written there: with its zone, or without, or the year alone
    tells: tuple[str, ...] = ()  # of "place" and "camera", what its tags tell
    lost_sounds: int = 0  # that cannot be read
    left_over: tuple[str, ...] = ()  # what else there is, in a person's words

    @property
    def is_hdr(self) -> bool:
        return self.transfer in HDR_TRANSFERS

    @property
    def has_zone(self) -> bool:
        """Whether `creation_date` is a moment and says in which time zone."""
        return len(self.creation_date) > DAY and datetime.fromisoformat(self.creation_date).tzinfo is not None

    @property
    def filmed_at(self) -> str | None:
        """RFC 3339; with `Z` nobody knows the zone of the place."""
        return datetime.fromisoformat(self.creation_date).isoformat() if self.has_zone else self.creation_time or None

    @property
    def is_trimmed(self) -> bool:
        return self.skipped > 0 or self.begins is not None or self.ends is not None

    @property
    def coded_shape(self) -> tuple[int, int]:
        """Width and height before rotation."""
        return (self.height, self.width) if self.rotation % 180 else (self.width, self.height)

    @property
    def audio_codecs(self) -> list[str]:
        return [sound.codec for sound in self.sounds]

    @property
    def is_brief(self) -> bool:
        """Whether any of its pictures is quickly decoded, wherever its key frames are."""
        return (self.duration or 0.0) < BRIEF

    @property
    def interval(self) -> float:
        """Seconds from one picture to the next, in the busiest second."""
        return 1 / (self.peak_fps or self.fps or USUAL_FPS)

    @property
    def is_hd(self) -> bool:
        return self.height >= HD_HEIGHT or self.width >= HD_WIDTH

    def counted_from_picture(self) -> "MediaInfo":
        """Its times, where the picture is the first thing that counts."""
        shift = self.starts_at
        return replace(
            self,
            origin=self.origin + shift,
            starts_at=0.0,
            times=self.times - (self.frames or 0) * shift,
            cuts=tuple(
                Cut(
                    cut.at - shift,
                    cut.first - shift,
                    cut.frames,
                    cut.times - cut.frames * shift,
                    cut.reads_from - shift,
                    cut.is_key,
                )
                for cut in self.cuts
            ),
        )

    def pixels_at(self, height: int) -> float:
        """Of one picture that is scaled to this height."""
        return height * height * self.width / self.height

    def instant(self, part: float) -> float:
        """Seconds from the start of the picture: in a film that is not brief, at a key frame, if there is one near."""
        duration = self.duration or 0.0
        wanted = part * (duration - self.last_frame)  # the last picture may be held for long
        near = [second for second in self.key_frames if abs(second - wanted) < NEAR * duration]
        return near[0] if near and not self.is_brief else wanted

    def as_dict(self) -> dict[str, Any]:
        """For a row. The names of chapters stay behind: there may be a thousand. So do the cuts."""
        return {
            **self.stored(),
            "is_hdr": self.is_hdr,
            "audio_codecs": self.audio_codecs,
            "filmed_at": self.filmed_at,
            "chapters": len(self.chapters),
        }

    def stored(self) -> dict[str, Any]:
        """As JSON, all but the cuts and a part; `restored` makes it again."""
        return asdict(replace(self, cuts=(), part=None))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "MediaInfo":
        """Of what `jobs.inspection` found."""
        primaries, transfer, matrix = fields["colour"]
        named = {
            "primaries": PRIMARIES.get(primaries, ""),
            "transfer": TRANSFERS.get(transfer, ""),
            "matrix": MATRICES.get(matrix, ""),
        }
        return cls.restored({**{name: value for name, value in fields.items() if name != "colour"}, **named})

    @classmethod
    def restored(cls, fields: Mapping[str, Any]) -> "MediaInfo":
        """Of what `stored` gave, also after a way as JSON."""
        return cls(
            **{
                **fields,
                "sounds": tuple(Sound(**{**sound, "fits": tuple(sound["fits"])}) for sound in fields["sounds"]),
                "subtitles": tuple(Subtitle(**{**each, "fits": tuple(each["fits"])}) for each in fields["subtitles"]),
                "cover": Cover(**fields["cover"]) if fields["cover"] else None,
                "fonts": tuple(Font(**font) for font in fields["fonts"]),
                "chapters": tuple(Chapter(**chapter) for chapter in fields["chapters"]),
                "key_frames": tuple(fields.get("key_frames", ())),
                "cuts": tuple(Cut(*cut) for cut in fields.get("cuts", ())),
                "tells": tuple(fields.get("tells", ())),
                "left_over": tuple(fields["left_over"]),
            }
        )
