"""Some pictures of a stream, decoded: the first one, and others spread over the whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import av

from jobs.inspection.formats import ALPHA_DECODERS, DECODERS
from jobs.inspection.packets import Track

SAMPLES = 6  # beside the first
TRIES = 300  # packets, until one decodes: a damaged beginning has no key frame for ten seconds
EARLY = 1.0  # seconds; a transport stream is sought by when a picture is decoded, which is before it is shown
DEPTHS = {8: 1, 10: 2, 12: 2, 16: 2}  # bytes of a value, by its bits; ffmpeg's are little-endian on machines that are


def sample(reopen: Callable[[], Any], stream: Any, read: Track) -> list[Any]:
    """The frames, the first one first. Empty where nothing can be decoded.

    A brief clip has one key frame, which was read already: to open the file again takes as long as all the rest.
    """
    moments = list(_moments(read.keys))
    if read.first_key and not moments:
        only = _decoded(_decoder(stream), read.first_key, at_once=True)
        if only:
            return [only]
    found, number = [], stream.index
    for only_keys in (True, False):
        with reopen() as container:
            looking = _Looking(container, container.streams[number])
            first = looking.first_picture(only_keys=only_keys)
            if first:
                found.append(first)
                found += [frame for moment in moments if (frame := looking.picture_at(moment))]
                break
    return found


def has_hidden_alpha(stream: Any) -> bool:
    """VP8 and VP9 in WebM say beside the picture how transparent it is."""
    return bool(stream.metadata.get("alpha_mode") == "1")


def _decoder(stream: Any) -> Any:
    """Of one thread: each further one takes memory for pictures of its own."""
    context = stream.codec_context
    if has_hidden_alpha(stream) and context.name in ALPHA_DECODERS:
        context = av.CodecContext.create(ALPHA_DECODERS[context.name], "r")
    context.thread_count = 1
    context.options = {"codec_whitelist": DECODERS}
    return context


def _moments(keys: Sequence[float]) -> Iterator[float]:
    step = max(1, len(keys) // SAMPLES)
    yield from list(keys)[step::step][:SAMPLES]


class _Looking:
    """One stream of an open file."""

    def __init__(self, container: Any, stream: Any):
        self._container, self._stream, self._decoder = container, stream, _decoder(stream)

    def picture_at(self, second: float) -> Any:
        try:
            at = round((second - EARLY) / self._stream.time_base)
            self._container.seek(at, stream=self._stream, backward=True)
        except av.FFmpegError:
            return None
        return self.first_picture(only_keys=True, after=second - 1e-3)

    def first_picture(self, *, only_keys: bool, after: float | None = None) -> Any:
        """The first that decodes, without waiting for those that a decoder holds back."""
        tried = 0
        try:
            for packet in self._container.demux(self._stream):
                if packet.size == 0 or (only_keys and not packet.is_keyframe):
                    continue
                if after is not None and packet.pts is not None and packet.pts * packet.time_base < after:
                    continue
                tried += 1
                if frame := _decoded(self._decoder, packet, at_once=only_keys):
                    return frame
                if tried >= TRIES:
                    break
        except av.FFmpegError:  # what cannot be read has no picture
            return None
        return None


def _decoded(context: Any, packet: Any, *, at_once: bool) -> Any:
    """`at_once` asks for what the decoder holds back, and makes it forget what was before."""
    frames = []
    try:
        frames = context.decode(packet)
        if at_once and not frames:
            frames = context.decode(None)
    except av.FFmpegError:
        pass
    if at_once:
        context.flush_buffers()
    return frames[0] if frames else None


def shows_through(frame: Any) -> bool:
    """Whether any pixel is not opaque. Of a palette it says what is likelier: yes."""
    components = frame.format.components
    alpha = next((number for number, component in enumerate(components) if component.is_alpha), None)
    if alpha is None:
        return False
    bits = components[alpha].bits
    if bits not in DEPTHS or frame.format.name == "pal8":
        return True
    plane, width = frame.planes[components[alpha].plane], DEPTHS[bits]
    step = 1 if frame.format.is_planar else len(components)
    first = 0 if step > 1 and frame.format.name.startswith("a") else step - 1
    values, line = memoryview(plane).cast("B").cast("H" if width > 1 else "B"), plane.line_size // width
    rows = range(0, frame.height * line, line)
    return any(min(values[row + first : row + frame.width * step : step]) < (1 << bits) - 1 for row in rows)
