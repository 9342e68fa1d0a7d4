"""AV1's encoder refuses more than 240 pictures a second: it is told the rate that was seen, not ffmpeg's guess."""

from pathlib import Path

import pytest

from jobs import encoding
from jobs.encoding import EncodeArgs
from jobs.encoding.command import video_options
from tests.unit.encoding.test_tracks import media


@pytest.mark.parametrize(
    ("seen", "asked", "told"),
    [(30.12, {}, "fps-num=30120"), (60.0, {"max_fps": 24}, "fps-num=24000"), (0.2, {}, "fps-num=1000")],
)
def test_the_rate_is_told(seen, asked, told):
    args = EncodeArgs(encoding.parse_options({"codec": "av1", **asked}), media(fps=seen), Path("source"))
    assert f":{told}:fps-denom=1000" in video_options(args, {})["svtav1-params:v:0"]
