"""Which containers, codecs and protocols a source may have: those that cameras, recorders and editors write.

Left out is whatever names other files or addresses, is a script, or draws text: playlists, concat, SDP, SVG, teletext,
and the games and terminals of old that ffmpeg reads as well.
"""

DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,h264,hevc,ogg,asf,flv,mxf,gif,dv,rm,"
    "wav,mp3,flac,aac,ivf,obu,nut,m4v,wtv,vob,mjpeg,yuv4mpegpipe,mpeg1video,mpeg2video,vc1,aiff,au,live_flv,apng,"
    "webp_anim"
)
PROTOCOLS = "file,pipe"
RAW_MJPEG = "mjpeg"  # a demuxer that ffmpeg does not choose by itself
VIDEO = (
    "h264,libopenh264,hevc,vvc,av1,libdav1d,libaom-av1,vp8,vp9,libvpx,libvpx-vp9,vp3,vp4,vp5,vp6,vp6a,vp6f,vp7,"
    "theora,mpeg1video,mpeg2video,mpegvideo,mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4,h261,h263,h263i,h263p,flv,flashsv,"
    "flashsv2,wmv1,wmv2,wmv3,wmv3image,vc1,vc1image,mss1,mss2,mts2,rv10,rv20,rv30,rv40,rv60,svq1,svq3,cinepak,"
    "indeo2,indeo3,indeo4,indeo5,qtrle,rpza,smc,8bps,msvideo1,msrle,mjpeg,mjpegb,amv,sp5x,smvjpeg,mxpeg,dvvideo,"
    "prores,prores_raw,dnxhd,cfhd,hap,dxv,apv,speedhq,notchlc,pixlet,media100,avrn,avrp,avui,cavs,dirac,snow,ffv1,"
    "ffvhuff,huffyuv,hymt,utvideo,magicyuv,lagarith,cllc,loco,mszh,zlib,zmbv,zerocodec,sheervideo,fraps,dxtory,"
    "tscc2,camtasia,camstudio,rasc,rscc,screenpresso,g2m,scpr,mscc,srgc,mwsc,wcmv,tdsc,mvha,mv30,mvdv,vmnc,aic,"
    "asv1,asv2,vcr1,wnv1,cljr,cyuv,aura,aura2,ultimotion,truemotion1,truemotion2,truemotion2rt,qpeg,mimic,m101,"
    "vble,vb,hq_hqa,hqx,rawvideo,v210,v210x,v308,v408,v410,yuv4,y41p,r10k,r210,012v,bitpacked,gif,apng,png,webp,"
    "webp_anim,libjxl,libjxl_anim,jpeg2000,jpegls,tiff,bmp,libopenjpeg"
)
AUDIO = (
    "aac,aac_fixed,aac_latm,ac3,ac3_fixed,eac3,dca,truehd,mlp,mp1,mp1float,mp2,mp2float,mp3,mp3float,mp3adu,"
    "mp3adufloat,mp3on4,mp3on4float,opus,libopus,vorbis,libvorbis,flac,alac,als,ape,tak,tta,wavpack,shorten,speex,"
    "amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,evrc,qcelp,gsm,gsm_ms,ilbc,g722,g723_1,g726,g726le,g729,"
    "siren,sipr,cook,ralf,real_144,real_288,atrac1,atrac3,atrac3al,atrac3plus,atrac3plusal,atrac9,qdm2,qdmc,mace3,"
    "mace6,nellymoser,wmav1,wmav2,wmapro,wmalossless,wmavoice,truespeech,imc,iac,metasound,dvaudio,s302m,dolby_e,"
    "dst,dsd_lsbf,dsd_lsbf_planar,dsd_msbf,dsd_msbf_planar,aptx,aptx_hd,sbc,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,"
    "adpcm_ima_amv,adpcm_yamaha,adpcm_swf,adpcm_ct,adpcm_g722,adpcm_g726,adpcm_g726le,adpcm_sbpro_2,adpcm_sbpro_3,"
    "adpcm_sbpro_4,pcm_alaw,pcm_mulaw,pcm_bluray,pcm_dvd,pcm_f16le,pcm_f24le,pcm_f32be,pcm_f32le,pcm_f64be,"
    "pcm_f64le,pcm_lxf,pcm_s16be,pcm_s16be_planar,pcm_s16le,pcm_s16le_planar,pcm_s24be,pcm_s24daud,pcm_s24le,"
    "pcm_s24le_planar,pcm_s32be,pcm_s32le,pcm_s32le_planar,pcm_s64be,pcm_s64le,pcm_s8,pcm_s8_planar,pcm_u16be,"
    "pcm_u16le,pcm_u24be,pcm_u24le,pcm_u32be,pcm_u32le,pcm_u8,pcm_vidc,libspeex,libgsm,libgsm_ms,libilbc"
)
SUBTITLES = "ass,ssa,subrip,srt,mov_text,webvtt,text,dvbsub,dvdsub,pgssub,xsub,cc_dec"
ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}  # ffmpeg's own read no transparency
DECODERS = f"{VIDEO},{AUDIO},{SUBTITLES}"
# How far ahead to look for tracks that begin late, in bytes, microseconds of the film, and pictures. By itself ffmpeg
# looks at 5 MB, a few seconds, and twenty. What it reads stays in memory.
FAR = {"probesize": str(100 * 1024**2), "analyzeduration": str(600 * 1_000_000), "fpsprobesize": "100000"}
