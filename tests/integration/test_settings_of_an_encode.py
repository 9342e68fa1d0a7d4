"""What an operator sets for ffmpeg is what an encode is given."""

from pathlib import Path

import pytest

from jobs import attempt
from tests.builders import make_job
from tests.unit.encoding.test_tracks import media

pytestmark = pytest.mark.django_db


def test_ffmpeg_is_as_polite_as_the_operator_says(settings):
    settings.NICE, settings.THREADS = 15, 3
    args = attempt.encode_args(make_job(), Path("source"), media())
    assert (args.nice, args.threads) == (15, 3)


def test_without_a_number_of_threads_there_are_as_many_as_processors(settings):
    settings.THREADS = 0
    assert attempt.encode_args(make_job(), Path("source"), media()).threads is None
