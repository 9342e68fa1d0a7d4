"""Pictures for the page: a poster of the result, and three pairs of frames that cover each other."""

import re

from jobs.encoding.stills import PAIRS_AT
from tests.product.encoding.conftest import described


def dimensions(path):
    return re.search(r"Video: mjpeg.*? (\d+x\d+)", described(path))[1]


def test_each_instant_is_taken_from_source_and_result_in_the_same_size(media, compress):
    encoded = compress(media / "cartoon.mp4", recipe="fast", max_height=360)
    stills = encoded.outcome.stills
    assert len(stills.frames) == len(PAIRS_AT)
    assert {dimensions(path) for path in stills.files().values()} == {"640x360"}


def test_a_very_short_clip_has_its_pictures_too(media, compress):
    stills = compress(media / "short.mp4", recipe="fast").outcome.stills
    assert stills.poster.exists()
    assert len(stills.frames) == len(PAIRS_AT)
