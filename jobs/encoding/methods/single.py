"""The method `single`: the codec's usual CRF, once."""

from jobs.encoding.assignment import Assignment
from jobs.encoding.encode import Made, encode_whole, plan_of


def encode_once(assignment: Assignment) -> Made:
    return encode_whole(assignment, {"crf": assignment.order.video_codec.usual_crf}, plan_of(assignment))
