"""What ffmpeg says while a result is checked: real lines."""

import pytest

from jobs.encoding.verify import IGNORED


@pytest.mark.parametrize(
    "line",
    [
        "[null @ 0x55e294e82480] Application provided invalid, non monotonically increasing dts to muxer in stream 0",
        "[hevc @ 0x561f735b0dc0] Duplicate POC in a sequence: -12.",  # of key frames alone, without what is between
    ],
)
def test_it_says_nothing_against_the_result(line):
    assert IGNORED.search(line)


@pytest.mark.parametrize(
    "line", ["[hevc @ 0x5618bc05e300] Error constructing the frame RPS.", "[h264 @ 0x1] error while decoding MB 3 4"]
)
def test_it_says_that_the_result_is_damaged(line):
    assert not IGNORED.search(line)
