"""The day a film was shot stays with its result, and where and by what it was shot goes, unless all is to be kept."""

import av
import pytest

from jobs import encoding
from tests.product.encoding.conftest import ffmpeg

AT, THERE = "2024-05-01T10:30:00.000000Z", "2024-05-01T12:30:00+0200"
APPLE = "com.apple.quicktime."
TELEPHONE = {  # as an iPhone writes it
    "creation_time": AT,
    f"{APPLE}creationdate": THERE,
    f"{APPLE}location.ISO6709": "+48.8584+002.2945+035.000/",
    f"{APPLE}make": "Apple",
    f"{APPLE}model": "iPhone 15",
}
PRIVATE = (b"48.85", b"iPhone", b"Apple")


def tagged(words, tags):
    return [*words, *(word for name, text in tags.items() for word in ("-metadata", f"{name}={text}"))]


@pytest.fixture
def telephone(film, make):
    return make("telephone.mov", *tagged(["-i", film("h264.mp4"), "-c", "copy", "-movflags", "use_metadata_tags"],
                                         TELEPHONE))  # fmt: skip


@pytest.fixture(params=["whole", "in pieces"])
def made(request, compress, in_pieces):
    """The file that comes of a source, made in one go or in pieces."""

    def run(source, **fields):
        fields = {"recipe": "fast", **fields}
        whole = request.param == "whole"
        return compress(source, **fields).outcome.path if whole else in_pieces(source, **fields).run().path

    return run


def tags(path):
    with av.open(str(path)) as container:
        return {name.lower(): text for name, text in container.metadata.items()}


def test_date_and_time_zone_stay_in_mp4s_own_fields_and_nothing_else_does(telephone, made):
    result = made(telephone)
    told = tags(result)
    assert (told["creation_time"], told[f"{APPLE}creationdate"]) == (AT, THERE)
    seconds = 1714559400 + 2082844800  # since 1904, as the movie header counts (ISO 14496-12 section 8.2.2)
    header = result.read_bytes().partition(b"mvhd")[2]
    assert int.from_bytes(header[4:8]) == seconds
    assert [words for words in PRIVATE if words in result.read_bytes().replace(APPLE.encode(), b"")] == []


def test_date_and_time_zone_stay_in_matroskas_own_fields(telephone, made):
    result = made(telephone, container="mkv")
    assert (tags(result)["creation_time"], tags(result)["date"]) == (AT, THERE)
    assert bytes.fromhex("4461") in result.read_bytes()[:4096]  # DateUTC (RFC 9559 section 5.1.2.14)
    assert [words for words in PRIVATE if words in result.read_bytes()] == []


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_all_of_it_is_kept_the_place_and_the_date_too(telephone, made, container):
    told = tags(made(telephone, container=container, metadata="keep"))
    assert {name: told.get(name.lower()) for name in TELEPHONE} == TELEPHONE
    assert told.get("major_brand") != "qt  "  # the name of the source's container is not the result's


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_nothing_of_it_is_left_where_all_is_to_go(telephone, made, container):
    result = made(telephone, container=container, metadata="strip")
    assert set(tags(result)) <= {"encoder", "major_brand", "minor_version", "compatible_brands"}
    assert not [words for words in (*PRIVATE, b"2024-05") if words in result.read_bytes()]


def test_a_source_without_a_date_gives_a_result_without_one(film, made):
    told = tags(made(film("h264.mp4")))
    assert not {"creation_time", "date", f"{APPLE}creationdate"} & set(told)


def test_what_an_android_says_stays_or_goes(film, make, made):
    android = make("android.mp4", *tagged(["-i", film("h264.mp4"), "-c", "copy"],
                                          {"creation_time": AT, "location": "+48.8584+002.2945/"}))  # fmt: skip
    told = tags(made(android))
    assert (told["creation_time"], told.get("location")) == (AT, None)


def test_a_place_of_an_android_can_be_kept(film, make, compress):
    android = make("android.mp4", *tagged(["-i", film("h264.mp4"), "-c", "copy"],
                                          {"creation_time": AT, "location": "+48.8584+002.2945/"}))  # fmt: skip
    told = tags(compress(android, recipe="fast", metadata="keep").outcome.path)
    assert (told["creation_time"], told["location"]) == (AT, "+48.8584+002.2945/")


def test_a_cover_picture_stays_beside_the_date(film, make, compress, tmp_path):
    cover = tmp_path / "cover.jpg"
    ffmpeg("-i", film("h264.mp4"), "-frames:v", "1", cover)
    source = make("cover.mp4", *tagged(["-i", film("h264.mp4"), "-i", cover, "-map", "0", "-map", "1", "-c", "copy",
                  "-disposition:v:1", "attached_pic"], {"creation_time": AT, "date": THERE}))  # fmt: skip
    encoded = compress(source, recipe="fast")
    assert encoded.result.cover is not None
    assert (tags(encoded.outcome.path)["creation_time"], tags(encoded.outcome.path)["date"]) == (AT, THERE)


@pytest.mark.parametrize(
    ("said", "instant", "date"),
    [
        ({"date": "2005"}, "", "2005"),
        ({"date": "2005-03-01"}, "", "2005-03-01"),
        ({"date": THERE}, AT, THERE),
        ({"date": "near 60.0123, 24.9384"}, "", ""),  # whatever else stands there is no date
        ({"date": "2005-13-45"}, "", ""),
        ({"creation_time": AT, "date": "2005"}, AT, "2005"),
    ],
)
def test_only_dates_count_as_such(film, make, said, instant, date):
    media = encoding.inspect(make("dated.mkv", *tagged(["-i", film("h264.mkv"), "-c", "copy"], said)))
    assert (media.creation_time, media.creation_date) == (instant, date)


def test_a_year_stays_a_year(film, make, made):
    source = make("old.mkv", *tagged(["-i", film("h264.mkv"), "-c", "copy"], {"date": "2005"}))
    assert tags(made(source))["date"] == "2005"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Being the original, it still tells where it was filmed and with which camera."),
        (
            {"metadata": "strip"},
            "Being the original, it still tells when and where it was filmed and with which camera.",
        ),
        ({"metadata": "keep"}, None),
    ],
)
def test_an_original_that_is_handed_back_says_what_it_still_tells(media, make, compress, asked, said):
    source = make("lean.mp4", *tagged(["-t", "3", "-i", media / "lean.mp4", "-c", "copy",
                                       "-movflags", "use_metadata_tags"], TELEPHONE))  # fmt: skip
    outcome = compress(source, recipe="balanced", **asked).outcome
    assert (outcome.outcome, outcome.notes) == ("already_small", (said,) if said else ())


def test_an_original_of_which_nothing_is_known_is_handed_back_with_a_warning(media, compress):
    outcome = compress(media / "lean.mp4", recipe="balanced").outcome
    assert outcome.notes == ("Being the original, it still has its place and camera, if it had them.",)
