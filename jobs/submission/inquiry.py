"""Reading what is asked of `POST /estimates`: options as in a submission, and what is known of the videos."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from jobs import errors
from jobs.encoding import Options
from jobs.models import Owner
from jobs.submission.parse import ANNOUNCED, json_object, read_options

MOST_VIDEOS = 500
ONE_OR_MANY = "Say `size` of one video, or list the `videos`."


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 2**53


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0


KNOWN: dict[str, tuple[Callable[[Any], bool], str]] = {
    "size": (_whole, "Bytes, a whole number above 0."),
    "duration": (lambda value: _number(value) and value < 10**7, "Seconds, a number above 0."),
    "width": (lambda value: _whole(value) and value < 2**16, "Pixels as displayed, a whole number above 0."),
    "height": (lambda value: _whole(value) and value < 2**16, "Pixels as displayed, a whole number above 0."),
    "fps": (lambda value: _number(value) and value < 10**4, "Frames per second, a number above 0."),
    "video_codec": (lambda value: isinstance(value, str) and len(value) < 40, "Its name, such as `h264` or `hevc`."),
}


def read_inquiry(request: HttpRequest, owner: Owner) -> tuple[Options, list[Mapping[str, Any]]]:
    """The options, and what is known of each video. Raises InvalidRequest naming what is unfit."""
    fields = json_object(request)
    options = read_options(fields, ANNOUNCED | set(KNOWN) | {"videos"}, owner)
    if "videos" not in fields:
        return options, [_video({name: fields[name] for name in KNOWN if name in fields})]
    videos = fields["videos"]
    if not isinstance(videos, list) or not 1 <= len(videos) <= MOST_VIDEOS or KNOWN.keys() & fields.keys():
        raise errors.InvalidRequest(fields={"videos": f"{ONE_OR_MANY} At most {MOST_VIDEOS}."})
    return options, [_video(video) for video in videos]


def _video(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise errors.InvalidRequest(fields={"videos": "Each is an object."})
    said = {name: value for name, value in given.items() if value is not None}
    wrong = {name: "There is no such field." for name in said if name not in KNOWN}
    wrong |= {name: sentence for name, (fits, sentence) in KNOWN.items() if name in said and not fits(said[name])}
    if "size" not in said:
        wrong["size"] = ONE_OR_MANY
    if wrong:
        raise errors.InvalidRequest(fields=wrong)
    return said
