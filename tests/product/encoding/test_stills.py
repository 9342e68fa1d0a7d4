"""Pictures for the page: a poster of both, and three pairs of frames that cover each other."""

import re

from jobs.encoding.stills import INSTANTS
from tests.product.encoding.conftest import described


def dimensions(path):
    return re.search(r"Video: mjpeg.*? (\d+x\d+)", described(path))[1]


def test_each_instant_is_taken_from_source_and_result_in_the_same_size(media, compress):
    encoded = compress(media / "cartoon.mp4", recipe="fast", max_height=360)
    pictures = {path.name: path for path in encoded.outcome.pictures}
    assert set(pictures) == {f"{name}-{side}.jpg" for name in INSTANTS for side in ("source", "result")}
    assert {dimensions(path) for path in pictures.values()} == {"640x360"}


def test_a_very_short_clip_has_its_pictures_too(media, compress):
    assert len(compress(media / "short.mp4", recipe="fast").outcome.pictures) == 2 * len(INSTANTS)
