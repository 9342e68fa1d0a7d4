"""Running a child on hostile bytes: limits, a session of its own, and death with its parent."""

import ctypes
import resource
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # prctl(2)

# Real media containers. Left out is whatever names other files or addresses: playlists, concat, SDP.
DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,h264,hevc,ogg,asf,flv,mxf,gif,dv,rm,"
    "wav,mp3,flac,aac,ivf,obu,nut,m4v,wtv,vob,mjpeg,yuv4mpegpipe,mpeg1video,mpeg2video,vc1,aiff,au,live_flv,apng,"
    "webp_anim"
)
PROTOCOLS = "file,pipe"

_libc = ctypes.CDLL(None)


def limits(max_file_bytes: int, address_space: int | None = None) -> Callable[[], None]:
    """For `preexec_fn`, together with `start_new_session=True`. Both are in bytes."""

    def apply() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if address_space:
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return apply
