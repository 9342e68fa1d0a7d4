"""Colours: what the numbers of the picture mean, also where only the container says so, or nobody."""

from typing import Any

from jobs.encoding.media import MediaInfo

Filter = tuple[str, tuple[Any, ...], dict[str, Any]]
BT709 = ("bt709", "bt709", "bt709")  # primaries, transfer, matrix
BT2020 = "bt2020"
# What ffmpeg's scaler has no way from: zscale turns a matrix into another, players take a transfer for the usual one.
UNKNOWN_MATRICES = {"ycgco", "bt2020c", "chroma-derived-nc", "chroma-derived-c"}
UNKNOWN_TRANSFERS = {"log100", "log316"}
OF_HDR_ALONE = {"ictcp", "smpte2085"}  # matrices; elsewhere they are a mistake
REPLACED_IN_HDR = {"", "gbr", "smpte2085", *UNKNOWN_MATRICES}

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
    transfer = BT709[1] if media.transfer in UNKNOWN_TRANSFERS else media.transfer
    said = (media.primaries, transfer, BT709[2] if media.matrix in OF_HDR_ALONE else media.matrix)
    if media.is_rgb:
        return said
    if media.is_hdr:  # BT.2100 knows no other primaries
        matrix = "bt2020nc" if media.matrix in REPLACED_IN_HDR else media.matrix
        return media.primaries or BT2020, media.transfer, matrix
    if media.is_hd or media.matrix in UNKNOWN_MATRICES:
        return tuple(own or usual for own, usual in zip(said, BT709, strict=True))  # type: ignore[return-value]
    return said


def named(media: MediaInfo) -> list[Filter]:
    """Writes on every frame what its colours are, for the filters after it and for the result; and makes them such as
    those know.
    """
    primaries, transfer, matrix = assumed(media)
    said = {"color_primaries": primaries, "color_trc": transfer, "colorspace": matrix}
    said = {name: value for name, value in said.items() if value}
    known: list[Filter] = []
    if matrix == "ictcp" or matrix in UNKNOWN_MATRICES:
        known = [("zscale", (), {"m": "bt2020nc" if media.is_hdr else "bt709"})]
    return ([("setparams", (), said)] if said else []) + known


def rgb_to_yuv(media: MediaInfo) -> Filter:
    matrix = BT2020 if media.is_hdr else "bt709" if media.is_hd else "smpte170m"
    return ("scale", (), {"out_color_matrix": matrix, "out_range": "tv"})
