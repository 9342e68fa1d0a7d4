"""One child: its lines, its account, and its end, whichever it is."""

import sys

import pytest

from jobs import errors
from jobs.encoding import ffmpeg
from jobs.encoding.account import Decoded, read_account
from jobs.encoding.session import _told
from jobs.sandbox.confinement import Limits

HUNGRY = [
    sys.executable,
    "-c",
    "import time; held = bytearray(200_000_000); print('full', flush=True); time.sleep(60)",
]


def test_a_child_that_takes_more_memory_than_it_may_is_ended_and_it_is_said():
    with (
        pytest.raises(ffmpeg.TooMuchMemory) as failed,
        ffmpeg.running(HUNGRY, Limits().apply, memory=100_000_000) as child,
    ):
        list(child)
    assert isinstance(_told(failed.value), errors.OutOfMemory)


@pytest.mark.parametrize(
    ("end", "kind", "helps"),
    [("sys.exit(1)", errors.EncodeFailed, False), ("os.kill(os.getpid(), 9)", errors.EncoderKilled, True),
     ("os.kill(os.getpid(), 6)", errors.EncodeFailed, False)],
)  # fmt: skip
def test_trying_again_is_offered_only_where_it_can_help(end, kind, helps):
    argv = [sys.executable, "-c", f"import os, sys; {end}"]
    with pytest.raises(ffmpeg.Failed) as failed, ffmpeg.running(argv, Limits().apply) as child:
        list(child)
    told = _told(failed.value)
    assert (type(told), told.retryable) == (kind, helps)


def test_a_disk_that_is_full_is_told_as_such_by_a_real_ffmpeg():
    """/dev/full refuses every byte as a full disk does."""
    argv = [ffmpeg.ffmpeg_binary(), "-v", "quiet", "-y", "-f", "lavfi", "-i", "testsrc2=d=1", "-f", "nut", "/dev/full"]
    with pytest.raises(ffmpeg.Failed) as failed, ffmpeg.running(argv, Limits(10**9).apply) as child:
        list(child)
    assert isinstance(_told(failed.value), errors.OutOfRoom)


def test_the_account_tells_what_was_read_and_what_made_no_sense():
    account = read_account(
        [
            "[in#0/mov @ 0x1] [verbose]   Input stream #0:0 (video): 150 packets read (1 bytes); 125 frames decoded; "
            "1 decode errors; ",
            "[in#0/mov @ 0x1] [verbose]   Input stream #0:1 (audio): 9 packets read (1 bytes); 8 frames decoded "
            "(8192 samples); 1 decode errors; ",
            "[out#0/mp4 @ 0x1] [verbose]   Output stream #0:0 (video): 125 frames encoded; 125 packets muxed; ",
            "[vf#0:0 @ 0x1] [info] Reconfiguring filter graph because video parameters changed to yuv420p(tv, bt709), "
            "90x160, unspecified alpha",
        ]
    )
    assert account.streams == {0: Decoded(150, 125, 1), 1: Decoded(9, 8, 1)}
    assert (account.encoded, account.shapes) == (125, {(90, 160)})
