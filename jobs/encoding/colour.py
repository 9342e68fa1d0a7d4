"""Colours: what the numbers of the picture mean, also where only the container says so, or nobody."""

from typing import Any

from jobs.encoding.media import MediaInfo

Filter = tuple[str, tuple[Any, ...], dict[str, Any]]
BT709 = ("bt709", "bt709", "bt709")  # primaries, transfer, matrix
BT2020 = "bt2020"

# To linear light at 100 nits, down to BT.709 primaries, then Hable's curve (zscale and tonemap of ffmpeg).
TONE_MAP: list[Filter] = [
    ("zscale", (), {"t": "linear", "npl": 100}),
    ("format", ("gbrpf32le",), {}),
    ("zscale", (), {"p": "bt709"}),
    ("tonemap", ("hable",), {"desat": 0}),
    ("zscale", (), {"t": "bt709", "m": "bt709", "r": "tv"}),
]


def assumed(media: MediaInfo) -> tuple[str, str, str]:
    """Primaries, transfer and matrix. "" stays what nobody says and nobody needs to know."""
    said = (media.primaries, media.transfer, media.matrix)
    if media.is_rgb:
        return said
    if media.is_hdr:  # BT.2100 knows no other primaries; zscale has no way from constant luminance
        matrix = media.matrix if media.matrix in {"bt2020nc", "ictcp"} else "bt2020nc"
        return media.primaries or BT2020, media.transfer, matrix
    if media.is_hd:
        return tuple(own or usual for own, usual in zip(said, BT709, strict=True))  # type: ignore[return-value]
    return said


def named(media: MediaInfo) -> list[Filter]:
    """Writes on every frame what its colours are, for the filters after it and for the result."""
    primaries, transfer, matrix = assumed(media)
    said = {"color_primaries": primaries, "color_trc": transfer, "colorspace": matrix}
    said = {name: value for name, value in said.items() if value}
    return [("setparams", (), said)] if said else []


def rgb_to_yuv(media: MediaInfo) -> Filter:
    return ("scale", (), {"out_color_matrix": "bt709" if media.is_hd else "smpte170m", "out_range": "tv"})
