"""Kinds of films that differ in how they can be cut: each as arguments for ffmpeg, made from a real one."""

LONG = ("-stream_loop", "-1", "-i", "street.mp4", "-t", "7")
HEARD = ("-stream_loop", "-1", "-i", "street.mp4", "-stream_loop", "-1", "-i", "cartoon.mp4", "-map", "0:v",
         "-map", "1:a", "-ac", "2", "-t", "7")  # fmt: skip
SMALL = "scale=240:-2"
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "16")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "16")
OPEN = "open-gop=1:keyint=30:bframes=3"
UNEVEN = "select='not(mod(n,7))+gt(mod(n,3),0)',setpts='PTS+0.013/TB*mod(N,4)'"
PQ = "format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"

# Arguments for ffmpeg, or the kind that is copied into another container, and how.
KINDS = {
    "h264.mp4": (*HEARD, "-vf", SMALL, *X264, "-g", "40"),
    "h264.mkv": ("-i", "h264.mp4"),
    "h264.ts": ("-i", "h264.mp4"),
    "h264.flv": ("-i", "h264.mp4"),
    "fragmented.mp4": ("-i", "h264.mp4", "-movflags", "+frag_keyframe+empty_moov"),
    "no-index.mkv": ("-i", "h264.mp4", "-live", "1"),
    "edit-list.mp4": ("-ss", "1.3", "-i", "h264.mp4", "-t", "5.1"),
    "late-picture.ts": ("-itsoffset", "0.7", "-i", "h264.mp4", "-i", "h264.mp4", "-map", "0:v", "-map", "1:a"),
    "far-clock.ts": ("-i", "h264.mp4", "-output_ts_offset", "5000"),
    "turned.mp4": ("-display_rotation", "90", "-i", "h264.mp4"),
    "ntsc-open-gop.mp4": (*LONG, "-vf", f"{SMALL},fps=30000/1001", *X264, "-x264-params", OPEN),
    "ntsc-open-gop.ts": ("-i", "ntsc-open-gop.mp4"),
    "hevc-open-gop.mkv": (*LONG, "-vf", SMALL, *X265, "-x265-params", f"{OPEN}:log-level=none"),
    "hevc-open-gop.ts": ("-i", "hevc-open-gop.mkv"),
    "uneven.mp4": (*LONG, "-vf", f"{SMALL},{UNEVEN}", "-fps_mode", "passthrough", "-enc_time_base", "1/90000", *X264,
                   "-g", "40"),
    "uneven.mkv": ("-i", "uneven.mp4"),
    "ends-quickly.mkv": (*LONG, "-vf", f"{SMALL},select='lt(t,3)+not(mod(n,5))'", "-fps_mode", "vfr", *X264,
                         "-g", "10"),
    "av1.mp4": (*LONG, "-vf", SMALL, "-c:v", "libsvtav1", "-preset", "11", "-crf", "20", "-g", "40"),
    "vp9.webm": (*LONG, "-vf", SMALL, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M",
                 "-g", "40"),
    "vp8.webm": (*LONG, "-vf", SMALL, "-c:v", "libvpx", "-auto-alt-ref", "1", "-lag-in-frames", "16", "-cpu-used", "8",
                 "-b:v", "2M", "-g", "40"),
    "mpeg2.mpg": (*HEARD, "-vf", SMALL, "-c:v", "mpeg2video", "-b:v", "2M", "-bf", "2", "-g", "15", "-c:a", "mp2"),
    "mpeg4.avi": (*HEARD, "-vf", SMALL, "-c:v", "mpeg4", "-q:v", "2", "-bf", "2", "-g", "30", "-c:a", "libmp3lame"),
    "ntsc.avi": (*LONG, "-vf", f"{SMALL},fps=30000/1001", "-c:v", "mpeg4", "-q:v", "2", "-bf", "2", "-g", "48"),
    "mjpeg.avi": (*LONG, "-vf", SMALL, "-c:v", "mjpeg", "-q:v", "2"),
    "prores.mov": (*LONG, "-vf", SMALL, "-c:v", "prores_ks"),
    "ffv1.mkv": (*LONG, "-vf", SMALL, "-c:v", "ffv1", "-g", "10"),
    "interlaced.ts": (*LONG, "-vf", "scale=352:288,fps=50,interlace", "-c:v", "mpeg2video", "-flags", "+ildct+ilme",
                      "-b:v", "4M", "-bf", "2", "-g", "12"),
    "fifty.mp4": (*LONG, "-vf", f"{SMALL},fps=50", *X264, "-g", "50"),
    "hdr.mp4": (*LONG, "-vf", f"{SMALL},{PQ}", *X265, "-g", "40", "-x265-params",
                "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"),
    "refreshed.ts": (*LONG, "-vf", SMALL, *X264, "-x264-params", "intra-refresh=1:keyint=30"),
    # that cannot be cut
    "theora.ogg": (*LONG, "-vf", SMALL, "-c:v", "libtheora", "-q:v", "8", "-g", "40"),
    "h264.avi": (*LONG, "-vf", SMALL, *X264, "-g", "40"),
    "one-key-frame.mp4": (*LONG, "-vf", SMALL, *X264, "-g", "1000", "-sc_threshold", "0"),
}  # fmt: skip
