"""What tells where a film was made, and what only sounds like it, since a track of subtitles goes for one place."""

import pytest

from jobs.inspection.texts import tells_place


@pytest.mark.parametrize(
    "text",
    [
        "GPS(24.9384, 60.1699, 12)",
        "[latitude: 60.169900] [longitude: 24.938400]",
        "lat 60.1699 lon 24.9384",
        "60.16990, 24.93840",
        "+60.1699+024.9384/",
        "N60.16990 E24.93840",
        "60.1699°N 24.9384°E",
        "60°10'11.6\"N 24°56'18.2\"E",
        "$GPRMC,123519,A,6010.194,N,02456.304,E,022.4,084.4,230394,003.1,W*6A",
    ],
)
def test_positions_tell_a_place(text):
    assert tells_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "How long? 2.5 hours.",
        "That long, 3.5 inches",
        "Ganhei 10.000\nE depois",
        "Eine Anlage mit 100.000 W",
        "Er zahlte S 1.000 dafür",
        "It is 25° and 12' deep",
        "40°25' north",
        "de 20 \ufffd 30' plus tard",
        "It took 3.1416 s, and 2.7182 more",
    ],
)
def test_what_people_say_tells_none(text):
    assert not tells_place(text)
