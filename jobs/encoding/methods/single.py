"""The method `single`: the codec's usual CRF, once."""

from jobs.encoding.encode import Encoded, encode_whole, plan_of
from jobs.encoding.session import EncodeSession


def encode_once(session: EncodeSession) -> Encoded:
    return encode_whole(session, {"crf": session.options.video_codec.usual_crf}, plan_of(session))
