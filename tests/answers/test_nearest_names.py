import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil.answers.nearest import closest, distance, parts, slip

NAMES = ["DicomReader", "DicomWriter", "ImageProcessor", "HTTPServer", "parse_header", "Boolean3", "Vec", "Node"]

word = st.text("abcXY_", max_size=8)


@given(word, word)
def test_distance_is_symmetric_and_zero_only_for_equals(first, second):
    away = distance(first, second, 10)
    assert away == distance(second, first, 10)
    assert (away == 0) == (first == second)
    assert away <= max(len(first), len(second))


@given(word, word, st.integers(0, 4))
def test_distance_above_the_limit_is_told_as_limit_and_one(first, second, limit):
    assert distance(first, second, limit) == min(distance(first, second, 20), limit + 1)


@given(st.sampled_from(["ImageProcessor", "DicomReader", "parse_header"]), st.integers(0, 9))
def test_swapped_neighbours_are_one_edit(name, at):
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    assert distance(name, swapped, 3) <= 1


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("ImageProcesor", "ImageProcessor"),
        ("ImageProccesor", "ImageProcessor"),
        ("DicomReeder", "DicomReader"),
        ("HTTPSever", "HTTPServer"),
        ("parse_haeder", "parse_header"),
    ],
)
def test_a_slip_is_taken_for_what_was_meant(asked, meant):
    assert slip(asked, NAMES) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "DicomLoader",
        "ImageProcessor2",
        "ImageProcessorX",
        "Boolean2",
        "MyDicomReader",
        "Mode",
        "Set",
        "TotallyOther",
        "",
    ],
)
def test_another_name_is_not_a_slip(asked):
    assert slip(asked, NAMES) == ""


def test_parts_follow_case_digits_and_underscores():
    assert parts("parseHTTPHeader_v2") == ["parse", "http", "header", "v", "2"]


def test_closest_shares_words_or_letters():
    assert closest("DicomLoader", NAMES)[:2] == ["DicomReader", "DicomWriter"]
    assert closest("ImageManager", NAMES) == ["ImageProcessor"]
    assert closest("Zebra", NAMES) == []
